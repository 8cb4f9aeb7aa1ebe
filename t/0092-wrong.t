#!/bin/sh
# SPDX-License-Identifier: ISC
# A wrong option, in every program: one text, which names it as it was typed.
. "${0%/*}/lib.sh"

# refuses PROGRAM TEXT WORD...: all that is said of the words.
refuses() {
	refuses_program=$1 refuses_text=$2
	shift 2
	run "$refuses_program" "$@"
	is "$refuses_program $*" "$status: $(cat "$out" "$err")" \
		"2: $refuses_program: $refuses_text
Try '$refuses_program --help'."
}

for program in "$B"/bin/oci-*; do
	name=${program##*/}
	[ "$name" != oci-init ] || continue # it takes a pid alone
	refuses "$name" "-x: no such option" -x
	refuses "$name" "-x in -xyz: no such option" -xyz
	refuses "$name" "--foo: no such option" --foo=bar
	refuses "$name" "--version: takes no value" --versio=1
	refuses "$name" "-version: --version has two dashes" -version
done
refuses oci-init "--foo: not the pid of a child" --foo
refuses oci-init "give one PID" 1 2

refuses oci-mkbundle "--env: needs a value, NAME[=VALUE]" img b -te
refuses oci-mkbundle "--hostname: needs a value, NAME" --hostn
refuses oci-mkbundle "--no: it could be --no-tty, --no-new-privileges" --no
refuses oci-mkbundle "-memory: --memory has two dashes" -memory 64m img b
refuses oci-run "-bundle: --bundle has two dashes" -bundle b

# docker run's habits: what each is here.
run oci-mkbundle -it img b
said "-it names the one of the two that there isn't" \
	"^oci-mkbundle: -i in -it: no such option; .* -t gives it a terminal$"
run oci-mkbundle -ti img b
said "in this order, too" "^oci-mkbundle: -i in -ti: no such option"
run oci-run -it
said "and for oci-run" "^oci-run: -i in -it: no such option; .*--tty yes"
run oci-run -t
said "which has no -t" "^oci-run: -t: no such option; .*--tty yes"
run oci-run --rm
said "--rm" "isn't needed"
run oci-run -v /a:/b
said "-v" "oci-mkbundle, which writes config.json"
run oci-run -network none
said "-network" "^oci-run: -network: no such option; .* of oci-mkbundle"
run oci-ps -a
said "oci-ps -a" "listed, too"
done_testing
