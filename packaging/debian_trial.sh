#!/bin/sh
# Inside a bare Debian, as root: install the package, use it as an ordinary person, remove it, and see that
# nothing of it stays. Called by packaging/debian.py; ends with a status other than 0 at the first trouble.
set -eu
export DEBIAN_FRONTEND=noninteractive

apt-get -qq update
before=$(find / -xdev -name '*trustdesk*' -not -path '/tmp/*' | sort)
apt-get -qq install --yes --no-install-recommends /tmp/trustdesk.deb >/tmp/apt.log 2>&1 || { tail -30 /tmp/apt.log; exit 1; }
echo "installed: $(dpkg-query --show --showformat='${Package} ${Version}, ${Installed-Size} KiB' trustdesk)"

# Every library that any part asks the loader for is there: its own, or the system's.
lost=$(find /opt/trustdesk -name '*.so*' -type f -exec env LD_LIBRARY_PATH=/opt/trustdesk/_internal ldd {} + 2>/dev/null \
    | grep 'not found' | sort -u || true)
if [ -n "$lost" ]; then echo "libraries that nobody brings:"; echo "$lost"; exit 1; fi

useradd --create-home person
as_person() { runuser -u person -- env HOME=/home/person "$@"; }
as_person env -u DISPLAY trustdesk --smoke
if [ -n "${DISPLAY:-}" ]; then as_person env DISPLAY="$DISPLAY" trustdesk --smoke; fi
as_person trustdesk --version
# The demo starts servers, worker processes, the keyring's and the printer's parts; none may fail silently.
as_person env -u DISPLAY sh -c 'cd && trustdesk demo --headless --output demo >demo.txt 2>demo.err'
if grep -q Traceback /home/person/demo.err; then cat /home/person/demo.err; exit 1; fi
echo "demo: $(find /home/person/demo -type f | wc -l) files written"

for file in applications/trustdesk.desktop icons/hicolor/48x48/apps/trustdesk.png \
    metainfo/io.github.trustdesk.trustdesk.metainfo.xml doc/trustdesk/copyright; do
    test -s "/usr/share/$file" || { echo "missing: /usr/share/$file"; exit 1; }
done

apt-get -qq purge --yes trustdesk >/tmp/apt.log 2>&1 || { tail -30 /tmp/apt.log; exit 1; }
after=$(find / -xdev -name '*trustdesk*' -not -path '/tmp/*' -not -path '/home/*' | sort)
if [ "$before" != "$after" ]; then echo "left behind:"; echo "$after"; exit 1; fi
echo "removed: nothing left behind"
