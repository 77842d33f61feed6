# What tests of jailctl share; they begin with it.  $jailctl is the program,
# the working folder is empty and goes away, $failed counts.
set -u
jailctl=$(cd "${builddir:-.}" && pwd)/jailctl/jailctl
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
LC_ALL=C TERM=dumb; export LC_ALL TERM
failed=0

# expect STATUS GLOB-OF-OUTPUT GLOB-OF-ERRORS COMMAND ...
expect() {
	local status=$1 out=$2 err=$3 got
	shift 3
	"$@" >out 2>err
	got=$?
	if [ "$got" = "$status" ] && [[ $(cat out) == $out ]] &&
	    [[ $(cat err) == $err ]]; then
		return
	fi
	failed=$((failed + 1))
	echo "FAIL: $*: exit status $got, expected $status"
	sed 's/^/  out: /' out
	sed 's/^/  err: /' err
}

# The end of the test.
finish() {
	[ "$failed" = 0 ] || echo "$failed failed"
	[ "$failed" = 0 ]
	exit
}
