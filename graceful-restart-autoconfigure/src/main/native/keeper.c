/*
 * What the first process of a service becomes when its successor serves: it holds the
 * process id that a supervisor knows, or that a container ends with.
 *
 *   keeper PID
 *
 * PID is the generation that serves, a child of this process. Signals go to it. Before it
 * exits it names the generation that follows, with a queued signal; this process is the
 * parent of that one then. With the last generation this process exits too, and with the
 * same status. It is started as a
 * subreaper with all signals blocked, and needs neither memory of its own
 * nor a descriptor. Without PID it does nothing: that is how it is tried whether it runs.
 */
#include "kernel.h"

enum { WNOHANG = 1, SI_QUEUE = -1, ESRCH = 3 };

struct signal_info {
	int number;
	int error;
	int code;
	int padding;
	int pid;
	int uid;
	long value;
	char more[128 - 32];
};

static int is_alive(int pid)
{
	return pid > 0 && call(SYS_kill, pid, 0, 0, 0, 0) != -ESRCH;
}

static void leave(int status)
{
	int signal = status & 0x7f;
	call(SYS_exit_group, signal ? 128 + signal : (status >> 8) & 0xff, 0, 0, 0, 0);
}

static int number(const char *text)
{
	int result = 0;
	while (*text >= '0' && *text <= '9')
		result = 10 * result + (*text++ - '0');
	return result;
}

static int wait_for(const word *signals, struct signal_info *info, const long *timeout)
{
	return (int) call(SYS_rt_sigtimedwait, (long) signals, (long) info, (long) timeout, SIGNAL_SET_SIZE, 0);
}

static int learned(const struct signal_info *info, int serving, int heir)
{
	if (info->code != SI_QUEUE)
		return heir;
	return (int) info->value == serving ? 0 : (int) info->value;
}

/* Returns the generation that was named last, 0 if none is to follow */
static int learn(int serving, int heir)
{
	static const word heirs = 1UL << (HEIR - 1);
	static const long at_once[2] = { 0, 0 };
	struct signal_info info;
	while (wait_for(&heirs, &info, at_once) == HEIR)
		heir = learned(&info, serving, heir);
	return heir;
}

/* Waits for all that has ended. Returns the generation that serves now */
static int reap(int serving, int *heir)
{
	int ended = 0;
	int heir_ended = 0;
	int status = 0;
	for (;;) {
		int its_status;
		int pid = (int) call(SYS_wait4, -1, (long) &its_status, WNOHANG, 0, 0);
		/* Whoever has ended here was named before */
		*heir = learn(serving, *heir);
		if (pid > 0 && pid == *heir) {
			*heir = 0;
			heir_ended = 1;
			status = its_status;
		}
		else if (pid > 0 && pid == serving) {
			ended = 1;
			/* Of two, the status of the later generation counts */
			if (!heir_ended)
				status = its_status;
		}
		else if (pid <= 0 && !ended)
			return serving;
		else if (pid <= 0 && !is_alive(*heir))
			leave(status);
		else if (pid <= 0) {
			serving = *heir;
			*heir = 0;
			ended = 0;
			heir_ended = 0;
		}
	}
}

__attribute__((used, noreturn)) static void run(long *stack)
{
	int serving = stack[0] > 1 ? number(((char **) (stack + 1))[1]) : 0;
	int heir = 0;
	if (serving <= 0)
		call(SYS_exit_group, 0, 0, 0, 0, 0);
	serving = reap(serving, &heir);
	for (;;) {
		struct signal_info info;
		int signal = wait_for(&ALL_SIGNALS, &info, 0);
		if (signal <= 0)
			continue;
		if (signal == HEIR)
			heir = learned(&info, serving, heir);
		else if (signal == SIGCHLD)
			serving = reap(serving, &heir);
		else if (signal != SIGTTIN && signal != SIGTTOU)
			call(SYS_kill, serving, signal, 0, 0, 0);
	}
}

__asm__(
	".globl _start\n"
	"_start:\n"
#if defined(__x86_64__)
	"	xor %ebp, %ebp\n"
	"	mov %rsp, %rdi\n"
	"	and $-16, %rsp\n"
	"	call run\n"
#else
	"	mov x29, #0\n"
	"	mov x0, sp\n"
	"	bl run\n"
#endif
);
