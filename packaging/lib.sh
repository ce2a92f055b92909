# shellcheck shell=bash disable=SC2034
# Shared by packaging/run, packaging/test and .ci/run; sourced, not run.
#
# What it does: finds Rust, installs missing Debian packages without a question, names what to do
# where it cannot. What it does not do: install Rust, touch anything outside apt and this folder.

set -euo pipefail

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
CDPATH='' cd -- "$root"

# To build: a linker for Rust, FFmpeg's headers, and clang for the bindings made from them.
build_packages=(
    ca-certificates gcc libc6-dev pkg-config clang libclang-dev
    libavcodec-dev libavformat-dev libavutil-dev libswscale-dev
)
# To show a window: Vulkan (with the software driver, for machines without another one) and the
# libraries that the windowing code opens when it starts.
window_packages=(
    libvulkan1 mesa-vulkan-drivers
    libx11-6 libx11-xcb1 libxcb1 libxcursor1 libxi6 libxrandr2
    libxkbcommon0 libxkbcommon-x11-0 libwayland-client0
)
# A display for machines without one, and the picture taken of it.
virtual_packages=(xvfb ffmpeg)
# The tests' cameras of another make than our own: GStreamer's RTSP server, driven from Python, and
# a font for its clocks.
camera_packages=(
    python3 python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-x
    gstreamer1.0-plugins-base gstreamer1.0-plugins-good
    gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly
    fonts-dejavu-core
)
# What the tests drive and measure with; nginx serves HLS and RTMP, mpv plays recordings, strace has
# disks fail, e2fsprogs makes one whose power can be cut, and chromium prints reports to paper that
# poppler-utils reads.
test_packages=(
    "${virtual_packages[@]}" matchbox-window-manager x11-xkb-utils xdotool dbus
    nginx-light libnginx-mod-rtmp mpv strace e2fsprogs chromium poppler-utils
)

say() { printf '== %s\n' "$*" >&2; }

die() {
    printf '\n%s\n' "$@" >&2
    exit 1
}

# need_rust: cargo on the PATH, no older than Cargo.toml's rust-version; else says what mends it.
need_rust() {
    local wanted have
    wanted=$(sed -n 's/^rust-version *= *"\(.*\)"/\1/p' Cargo.toml)
    if ! command -v cargo >/dev/null && [ -x "${CARGO_HOME:-${HOME:-}/.cargo}/bin/cargo" ]; then
        PATH="${CARGO_HOME:-${HOME:-}/.cargo}/bin:$PATH"
    fi
    if ! command -v cargo >/dev/null || ! command -v rustc >/dev/null; then
        if command -v rustup >/dev/null; then
            die "Rust is not installed. This installs it:" "  rustup default stable"
        fi
        die "Rust is not installed. This installs it (or see https://rustup.rs):" \
            "  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y"
    fi
    if ! have=$(rustc --version 2>&1); then
        die "rustc does not run: $have" "This mends it:" "  rustup default stable"
    fi
    have=$(sed -n 's/^rustc \([0-9]*\.[0-9]*\).*/\1/p' <<<"$have")
    if [ "$(printf '%s\n' "$wanted" "$have" | sort -V | head -n 1)" != "$wanted" ]; then
        if command -v rustup >/dev/null; then
            die "Rust $have is too old: $wanted or newer is needed. This mends it:" \
                "  rustup update stable && rustup default stable"
        fi
        die "Rust $have is too old: $wanted or newer is needed, from https://rustup.rs:" \
            "  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y"
    fi
    say "Rust $have"
}

# as_root COMMAND...: as root, or through sudo where that asks no password; else fails.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        sudo -n env DEBIAN_FRONTEND=noninteractive "$@"
    else
        return 1
    fi
}

# need_packages NAME...: installs those that are missing.
need_packages() {
    local name missing=()
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        elsewhere "$@"
        return
    fi
    for name in "$@"; do
        # A line for each architecture that it is installed for.
        if ! dpkg-query -W -f='${db:Status-Status}\n' "$name" 2>/dev/null | grep -qx installed; then
            missing+=("$name")
        fi
    done
    if [ ${#missing[@]} = 0 ]; then
        say "all $# packages are there"
        return
    fi
    export DEBIAN_FRONTEND=noninteractive
    local apt=(apt-get -q -y -o DPkg::Lock::Timeout=300)
    if ! as_root true; then
        die "Packages are missing, and only root may install them. Run this, then try again:" \
            "  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}"
    fi
    say "installing ${missing[*]}"
    as_root "${apt[@]}" update >&2 || say "the package lists could not be refreshed; trying as they are"
    if ! as_root "${apt[@]}" install --no-install-recommends "${missing[@]}" >&2 </dev/null; then
        die "apt-get could not install: ${missing[*]}" \
            "Its own words are above. The names are those of Debian 12 (bookworm)."
    fi
}

# need_promtool: Prometheus' checker of rules and figures, for the tests; names it in
# POLLWALL_PROMTOOL. Debian's package starts a server as soon as it is installed, which nobody who
# runs tests has asked for: so it is fetched, and unpacked into the target folder, where one program
# of it is used. Where that cannot be done the tests leave those checks out, and say so.
need_promtool() {
    local folder
    if [ -n "${POLLWALL_PROMTOOL:-}" ]; then
        return
    fi
    if command -v promtool >/dev/null; then
        POLLWALL_PROMTOOL=$(command -v promtool)
        export POLLWALL_PROMTOOL
        return
    fi
    folder=$(target_folder)/promtool
    if [ ! -x "$folder/usr/bin/promtool" ]; then
        if ! command -v apt-get >/dev/null || ! command -v dpkg >/dev/null; then
            say "no promtool and no apt here: what it checks is left out"
            return
        fi
        say "fetching promtool"
        rm -rf "$folder"
        mkdir -p "$folder"
        if ! (cd "$folder" && apt-get -q download prometheus && dpkg -x prometheus_*.deb .) >&2; then
            say "promtool could not be fetched: what it checks is left out"
            rm -rf "$folder"
            return
        fi
        rm -f "$folder"/*.deb
    fi
    export POLLWALL_PROMTOOL=$folder/usr/bin/promtool
}

# elsewhere NAME...: no apt here. What can be checked is checked, the rest is named.
elsewhere() {
    local tool library missing=()
    for tool in cc pkg-config clang; do
        command -v "$tool" >/dev/null || missing+=("$tool")
    done
    if command -v pkg-config >/dev/null; then
        for library in libavcodec libavformat libavutil libswscale; do
            pkg-config --exists "$library" || missing+=("$library (headers)")
        done
    fi
    if [ ${#missing[@]} != 0 ]; then
        die "This is no Debian, so nothing was installed by itself. Missing here: ${missing[*]}" \
            "Install what your system calls these packages of Debian 12, then try again:" \
            "  $*" \
            "For example on Fedora:  dnf install gcc clang-devel pkgconf ffmpeg-free-devel mesa-vulkan-drivers" \
            "              on Arch:  pacman -S base-devel clang ffmpeg vulkan-swrast" \
            "The made-up cameras need an FFmpeg with libx264 (Fedora: from RPM Fusion) or libopenh264;" \
            "the tests also GStreamer's RTSP server with its Python bindings."
    fi
    say "no apt here; the compiler and FFmpeg are there, so going on. These may be wanted too: $*"
}

# target_folder: where cargo puts what it builds.
target_folder() {
    cargo metadata --format-version 1 --no-deps --locked |
        sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p'
}
