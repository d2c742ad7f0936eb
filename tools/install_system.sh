#!/bin/sh
# Installs the Debian packages that are missing, and only those.
#   tools/install_system.sh serve   what `make serve` needs: a Python that can make a venv with pip
#   tools/install_system.sh test    that, a browser, its driver's library, the PDF libraries, strace,
#                                   nginx, systemd's reader of units and LibreOffice's Writer
#   tools/install_system.sh night   that, and node, which runs the language server that editors use
# With nothing missing it says nothing, needs no network and no rights.
set -eu

scope=${1:-}
python=${PYTHON:-python3}
case $scope in serve | test | night) ;; *) echo "usage: $0 serve|test|night" >&2; exit 2 ;; esac

can_make_venv() {
    # Debian's python3 has the venv module without the pip that goes into it, so only a real try tells; it is kept.
    .venv/bin/python -m pip --version >/dev/null 2>&1 || "$python" -m venv --clear .venv >/dev/null 2>&1
}

can_load() { "$python" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1" >/dev/null 2>&1; }

missing() {
    can_make_venv || echo python3-venv
    [ "$scope" != serve ] || return 0
    command -v chromium >/dev/null || echo chromium
    command -v chromium-headless-shell >/dev/null || echo chromium-headless-shell # the same without what draws on a screen
    command -v git >/dev/null || echo git # for guide diff between revisions
    command -v strace >/dev/null || echo strace
    command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || echo nginx-light
    command -v systemd-analyze >/dev/null || echo systemd # only to read the units in docs/drift
    command -v soffice >/dev/null || echo libreoffice-writer-nogui # opens the letters one can download
    can_load libatomic.so.1 || echo libatomic1 # for the driver inside the Python package playwright
    can_load libpango-1.0.so.0 || echo libpango-1.0-0
    can_load libpangoft2-1.0.so.0 || echo libpangoft2-1.0-0
    can_load libharfbuzz-subset.so.0 || echo libharfbuzz-subset0
    [ "$scope" = night ] || return 0
    command -v npm >/dev/null || echo npm # brings node with it
}

packages=$(missing | tr '\n' ' ' | sed 's/ $//')
[ -n "$packages" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "Missing, and this is not Debian or Ubuntu; please install what corresponds to: $packages" >&2
    exit 1
fi
sudo=
if [ "$(id -u)" -ne 0 ]; then
    sudo=sudo
    if ! command -v sudo >/dev/null; then
        echo "Missing, and only root can install it: apt-get install --no-install-recommends $packages" >&2
        exit 1
    fi
fi

echo "Installing from Debian: $packages"
log=$(mktemp)
policy=/usr/sbin/policy-rc.d
# Debian starts a service when its package comes in. nginx is wanted as a program here, not as a server on port 80.
if [ -e $policy ]; then policy=; else printf '#!/bin/sh\nexit 101\n' | $sudo tee $policy >/dev/null && $sudo chmod 755 $policy; fi
# shellcheck disable=SC2064,SC2086 # $sudo may be empty, and so may $policy
trap "rm -f $log; [ -z '$policy' ] || $sudo rm -f $policy" EXIT
# shellcheck disable=SC2086 # $sudo may be empty and $packages is a list
if ! { $sudo apt-get -o DPkg::Lock::Timeout=300 update &&
    $sudo env DEBIAN_FRONTEND=noninteractive \
        apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $packages; } >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    echo "Could not install: $packages" >&2
    exit 1
fi

case " $packages " in
*" nginx-light "*) [ ! -d /run/systemd/system ] || $sudo systemctl disable --now nginx >/dev/null 2>&1 || true ;;
esac
packages=$(missing | tr '\n' ' ')
if [ -n "$packages" ]; then
    echo "Still missing after the installation: ${packages}(python: $python)" >&2
    exit 1
fi
