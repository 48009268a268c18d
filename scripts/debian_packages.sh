#!/bin/sh
# Sees to it that the Debian packages named on the command line are there.
#
# Each argument is command:package; a package is missing when its command is not on PATH.
# Root gets the missing ones installed. Anybody else gets the line to type and exit code 2, before
# anything has run.
set -eu
cd "$(dirname "$0")/.."

missing=""
for pair in "$@"; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair#*:}"
done
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    # shellcheck disable=SC2086  # a list of words, on purpose
    exec sh scripts/install_debian_packages.sh $missing
fi

echo "The tests on real services need Debian packages that are not installed:$missing" >&2
echo "Install them, then run make test again (their services need not run):" >&2
echo "    sudo apt-get install -y$missing" >&2
echo "Or run the tests that need none of them:" >&2
echo "    make test-unit" >&2
exit 2
