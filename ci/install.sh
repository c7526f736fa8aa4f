#!/usr/bin/env bash
# Installs packages of Debian's for a step: `install.sh "there is no Slurm here" PACKAGES…`.
#
# Ends with 77 and says what is missing, and how it is had, where that cannot be done.
set -uo pipefail
missing=$1
shift
install() { DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "$@"; }

echo "$missing: installing $*"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  # A fresh machine has no lists of packages yet.
  install "$@" &>/dev/null && exit
  { apt-get update --quiet && install "$@"; } &>/dev/null && exit
fi
echo "$missing, and it could not be installed: as root, install Debian's packages $*"
exit 77
