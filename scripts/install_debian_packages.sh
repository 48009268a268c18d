#!/bin/sh
# Installs Debian packages as root, with none of their services started or left enabled.
#
# Rule: the machine is left as it was, plus the files of the packages. Service starts are denied by
# a temporary /usr/sbin/policy-rc.d (exit code 101), put back as it was on every way out. Units and
# init scripts of packages that this run installed are disabled; packages that were there before
# are not touched.
set -eu

policy=/usr/sbin/policy-rc.d
saved=$policy.saved-by-nirc
mark="written by NIRC's install_debian_packages.sh"

restore_policy() {
    if grep -qs "$mark" "$policy"; then rm -f "$policy"; fi
    if [ -e "$saved" ]; then mv "$saved" "$policy"; fi
}

installed() {
    dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' | awk '$1 == "ii" {print $2}' | sort -u
}

apt() {
    DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" </dev/null
}

disable_services_of() {  # $1: a package that was installed just now
    dpkg -L "$1" | sed -n 's#^\(/usr\)\?/lib/systemd/system/\([^/]*\.\(service\|socket\|timer\|path\)\)$#\2#p' |
        while read -r unit; do disable_unit "$unit"; done
    dpkg -L "$1" | sed -n 's#^/etc/init\.d/\([^/]*\)$#\1#p' |
        while read -r script; do update-rc.d "$script" disable >/dev/null 2>&1 || true; done
}

disable_unit() {
    if command -v systemctl >/dev/null; then systemctl --quiet disable "$1" 2>/dev/null || true; fi
    if command -v deb-systemd-helper >/dev/null; then deb-systemd-helper disable "$1" >/dev/null 2>&1 || true; fi
    # Aliases (redis.service for redis-server.service) outlive both.
    find /etc/systemd/system -type l -lname "*/systemd/system/$1" -delete 2>/dev/null || true
}

restore_policy  # a former run may have been killed
trap restore_policy EXIT
trap 'exit 130' INT TERM HUP
if [ -e "$policy" ] || [ -L "$policy" ]; then mv "$policy" "$saved"; fi
printf '#!/bin/sh\n# %s; denies every service start\nexit 101\n' "$mark" >"$policy"
chmod 755 "$policy"

echo "== installing Debian packages: $*"
before=$(mktemp)
installed >"$before"
if ! apt install -y --no-install-recommends "$@" >/dev/null 2>&1; then
    # Most often the package lists are missing or old.
    apt update
    apt install -y --no-install-recommends "$@" >/dev/null
fi
for package in $(installed | comm -13 "$before" -); do
    disable_services_of "$package"
done
rm -f "$before"
