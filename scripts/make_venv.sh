#!/bin/sh
# Makes .venv with NIRC and all that it needs, or leaves it alone when it is current.
#
# Rule: it writes only .venv and build/. A stamp in .venv, named after the hash of
# pyproject.toml and of this folder's path, says what was installed; the stamp is written last.
# Exit codes: 0 ready, 2 this machine lacks something (the message says what to type).
set -eu
cd "$(dirname "$0")/.."

venv=.venv
stamp="$venv/nirc-$( (pwd; cat pyproject.toml) | sha256sum | cut -c1-16).stamp"

[ -e "$stamp" ] && "$venv/bin/python" -c '' 2>/dev/null && exit 0

mkdir -p build
exec 9>build/venv.lock
flock 9
[ -e "$stamp" ] && "$venv/bin/python" -c '' 2>/dev/null && exit 0

# The first interpreter of this list that starts, is new enough and can make a venv. PYTHON, where
# it is set, is the only one tried.
candidates="${PYTHON:-python3 python3.13 python3.12 python3.11}"
new_enough=""
chosen=""
too_old=""
for python in $candidates; do
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        too_old="$too_old $python is $version;"
        continue
    fi
    new_enough="${new_enough:-$python}"
    if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        chosen="$python"
        break
    fi
done

if [ -z "$new_enough" ]; then
    echo "NIRC needs Python 3.11 or newer, and found none of: $candidates.${too_old:+ Too old:$too_old}" >&2
    echo "On Debian 12 and Ubuntu 24.04, python3 is new enough: sudo apt-get install -y python3 python3-venv" >&2
    exit 2
fi

if [ -z "$chosen" ]; then
    # Debian ships python3 without ensurepip, and `python3 -m venv` fails until python3-venv is there.
    chosen="$new_enough"
    version=$("$chosen" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    package=python3-venv
    [ "$(basename "$chosen")" = "python$version" ] && package="python$version-venv"
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "$chosen cannot make a virtual environment: its ensurepip module is missing. Type this, then run make again:" >&2
        echo "    sudo apt-get install -y $package" >&2
        exit 2
    fi
    sh scripts/install_debian_packages.sh "$package"
fi

echo "== making $venv with $("$chosen" --version) (a minute or two, once)"
rm -f "$venv"/nirc-*.stamp
if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    rm -rf "$venv"
    "$chosen" -m venv "$venv"
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile \
    --editable '.[router,site,simulator,embedded,dev]' </dev/null
# pip compiles with one processor, and the libraries' own tests, too. A file that cannot be compiled
# is one that nobody imports.
"$venv/bin/python" -m compileall -qq -j 0 -x '/tests?/' "$venv/lib" >/dev/null 2>&1 || true
rm -rf nirc.egg-info  # left by the build; what is read at run time lies in .venv
touch "$stamp"
