#!/bin/bash
# Becomes systemd, as PID 1 of the namespaces that it is started in. It sees the files of
# this machine and changes none of them: what it writes goes into memory, but for the
# directories that it is given.
#   boot.sh SCRATCH DIRECTORY...
set -eu
scratch=$1
shift
mount --make-rprivate /
mount -t tmpfs -o size=1g tmpfs "$scratch"
mkdir "$scratch"/{upper,work,root}
mount -t overlay overlay -o "lowerdir=/,upperdir=$scratch/upper,workdir=$scratch/work" "$scratch/root"
for directory; do
	mkdir -p "$scratch/root$directory"
	mount --rbind "$directory" "$scratch/root$directory"
done
cd "$scratch/root"
mkdir -p outside
mount -t proc proc proc
# Or this systemd would raise limits of the machine, such as fs.nr_open
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
mount -t tmpfs -o mode=755,dev tmpfs dev
for device in null zero full random urandom tty; do
	touch "dev/$device"
	mount --bind "/dev/$device" "dev/$device"
done
ln -s /proc/self/fd dev/fd
ln -s fd/0 dev/stdin
ln -s fd/1 dev/stdout
ln -s fd/2 dev/stderr
ln -s null dev/console
mkdir dev/shm dev/pts
mount -t tmpfs tmpfs dev/shm
cat > etc/systemd/system/machine.target <<'UNIT'
[Unit]
Description=What the tests need
Requires=dbus.socket systemd-journald.socket
After=dbus.socket systemd-journald.socket
AllowIsolate=yes
UNIT
echo 00112233445566778899aabbccddeeff > etc/machine-id
pivot_root . outside
umount -l /outside
exec env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin \
	setpriv --bounding-set=-sys_boot,-sys_module,-sys_time \
	/lib/systemd/systemd --unit=machine.target --log-target=journal --show-status=false
