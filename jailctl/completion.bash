# Completion of jailctl for bash: jailctl itself knows what may come next.

_jailctl() {
	local current=${COMP_WORDS[COMP_CWORD]} word words=()
	COMPREPLY=()
	# "--policy=x" comes as three words.
	for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
		[[ $word == '=' ]] || words+=("$word")
	done
	if [[ $current == '=' ]]; then
		current=
		words+=('')
	fi
	while read -r word; do
		case $word in
		:files)
			compopt -o filenames
			mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY \
			    < <(compgen -f -- "$current")
			;;
		:commands)
			mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY \
			    < <(compgen -c -- "$current")
			;;
		:users)
			mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY \
			    < <(compgen -u -- "$current")
			;;
		"$current"*)
			COMPREPLY+=("$word")
			;;
		esac
	done < <("${COMP_WORDS[0]}" --complete "${words[@]}" 2>/dev/null)
}

complete -F _jailctl jailctl
