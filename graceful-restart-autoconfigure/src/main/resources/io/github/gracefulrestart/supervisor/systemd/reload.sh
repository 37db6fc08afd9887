#!/bin/sh
# ExecReload= of a service with graceful restarts, which has written this file: replaces
# the running JVM, and ends when that has ended. Exits with 0 when the successor serves
# alone, and otherwise with 1 and the reason; the service then runs as before.
set -u
: "${MAINPID:?is set by systemd}"
outcome=${0%/*}/restart
# The service is stopped: systemd has given up the reload
trap 'exit 0' TERM
read_outcome() { cat "$outcome" 2> /dev/null; }

before=$(read_outcome)
kill -s @signal@ "$MAINPID" || exit 1
while kill -0 "$MAINPID" 2> /dev/null; do
	sleep 0.1 2> /dev/null || sleep 1
	now=$(read_outcome)
	if [ "$now" = "$before" ]; then continue; fi
	case ${now#* } in
	completed\ *) ;; # the predecessor is about to exit
	*)
		echo "${now#* }" >&2
		exit 1
		;;
	esac
done
