#!/bin/sh
# Makes a folder with Debian 11 and its Asterisk 16 in it, once: Debian 12 has no Asterisk.
#
# The suite is $NIRC_ASTERISK_SUITE, else bullseye; `sid` has a newer Asterisk. The folder is
# $NIRC_ASTERISK_ROOT, else ~/.cache/nirc/asterisk-SUITE (0.5 GB); its name is printed.
# Rule: nothing outside that folder is touched, nothing in it is started, and what is mounted is
# mounted in a namespace that ends with this script. Exit code 3, and why on stderr, where this machine
# cannot make it.
set -eu

suite=${NIRC_ASTERISK_SUITE:-bullseye}
root=${NIRC_ASTERISK_ROOT:-${XDG_CACHE_HOME:-$HOME/.cache}/nirc/asterisk-$suite}
mirrors=${NIRC_DEBIAN_MIRROR:-http://deb.debian.org/debian http://archive.debian.org/debian}

cannot() {
    echo "no Asterisk can be made here: $1" >&2
    exit 3
}

case $suite in
*[!a-z]* | "") cannot "NIRC_ASTERISK_SUITE is \"$suite\": name a suite of Debian that has asterisk, such as bullseye or sid" ;;
esac
[ "$(id -u)" = 0 ] || cannot "it takes root (a chroot and mount namespaces); run as root"
for tool in unshare chroot flock; do
    command -v "$tool" >/dev/null || cannot "$tool is missing: apt-get install util-linux coreutils"
done
[ "$(dpkg --print-architecture 2>/dev/null)" = amd64 ] || cannot "only amd64 was tried"
unshare --mount --pid --fork --kill-child --propagation private true 2>/dev/null ||
    cannot "this machine lets nobody make mount and process namespaces"

mkdir -p "$(dirname "$root")"
exec 9>"$root.lock"
flock 9
if [ ! -x "$root/usr/sbin/asterisk" ]; then
    command -v debootstrap >/dev/null || sh "$(dirname "$0")/install_debian_packages.sh" debootstrap >&2 ||
        cannot "debootstrap is missing: apt-get install debootstrap"
    new=$root.new
    log=$root.log
    made=no
    : >"$log"
    for mirror in $mirrors; do
        echo "== Debian $suite and its Asterisk from $mirror into $root (about a minute)" >&2
        rm -rf --one-file-system "$new"
        if nice -n 10 unshare --mount --propagation private \
            debootstrap --variant=minbase "$suite" "$new" "$mirror" >>"$log" 2>&1; then
            made=yes
            break
        fi
    done
    [ "$made" = yes ] || cannot "debootstrap failed (is there a mirror?): $(tail -n 1 "$log"), see $log"
    printf '#!/bin/sh\nexit 101\n' >"$new/usr/sbin/policy-rc.d"
    chmod 755 "$new/usr/sbin/policy-rc.d"
    nice -n 10 unshare --mount --propagation private chroot "$new" sh -c '
        mount -t proc proc /proc
        export DEBIAN_FRONTEND=noninteractive
        # Signed it must be; a mirror of an archive tells lists that are long over.
        apt-get -q -o Acquire::Check-Valid-Until=false update && apt-get -qy install --no-install-recommends asterisk asterisk-core-sounds-en-gsm &&
            apt-get clean' >>"$log" 2>&1 ||
        cannot "apt-get install asterisk failed: $(tail -n 1 "$log"), see $log"
    mkdir -p "$new/run/nirc"
    mv "$new" "$root"
fi
echo "$root"
