# shellcheck shell=bash
# Sourced by harness/relapse and harness/check: ensure_packages GROUP...
# Everything is said on standard error.

# The names of the given groups in harness/packages.txt.
package_names() {
  local groups=" $* " group name _
  while read -r group name _; do
    [[ $group == "" || $group == "#"* ]] && continue
    [[ $groups == *" $group "* ]] && printf '%s\n' "$name"
  done <"$(dirname "${BASH_SOURCE[0]}")/packages.txt"
}

missing_packages() {
  local name state
  for name in $(package_names "$@"); do
    state=$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null) || state=none
    [[ $state == installed ]] || printf '%s\n' "$name"
  done
}

# Installs what is missing; says so and fails when that is not possible. A system without dpkg is
# left alone: there CMake tells what it does not find.
ensure_packages() {
  command -v dpkg-query >/dev/null || return 0
  local missing
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  local as_root=()
  if [[ $(id -u) != 0 ]]; then
    if ! command -v sudo >/dev/null; then
      echo "relapse: these Debian packages are missing; install them as root:" >&2
      echo "  apt-get install --no-install-recommends ${missing[*]}" >&2
      return 1
    fi
    as_root=(sudo)
  fi
  echo "relapse: installing ${#missing[@]} Debian packages: ${missing[*]}" >&2
  local log
  log=$(mktemp)
  if ! {
    "${as_root[@]}" apt-get update &&
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y \
        --no-install-recommends "${missing[@]}"
  } >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    rm -f "$log"
    echo "relapse: installing failed, see above" >&2
    return 1
  fi
  rm -f "$log"
}
