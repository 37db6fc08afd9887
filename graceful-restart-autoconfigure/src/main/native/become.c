/*
 * Makes this process the keeper of its service (keeper.c) at its very end: when the
 * program calls exit(), and all that has asked to be called then has been.
 */
#include "kernel.h"

enum { PR_SET_CHILD_SUBREAPER = 36, SA_SIGINFO = 4, SA_RESTORER = 0x04000000, SA_RESTART = 0x10000000, AT_EMPTY_PATH = 0x1000, CLOSE_RANGE_CLOEXEC = 4, SI_TKILL = -6 };

struct action {
	void (*handler)(int, const int *, void *);
	word flags;
#if defined(__x86_64__)
	void (*restorer)(void);
#endif
	word mask;
};

static int serving;

static int image = -1;

/* argv[1], so long that no process id is longer */
static char text[12];

#if defined(__x86_64__)
void restore(void);
__asm__(
	".hidden restore\n"
	"restore:\n"
	"	mov $15, %eax\n"
	"	syscall\n");
#endif

static void forward(int signal, const int *info, void *context)
{
	/* si_code: what this process sends itself is meant for one of its threads */
	if (info[2] != SI_TKILL)
		call(SYS_kill, serving, signal, 0, 0, 0);
	(void) context;
}

static void write_number(int number)
{
	char reversed[sizeof text];
	int length = 0;
	do
		reversed[length++] = '0' + number % 10;
	while ((number /= 10) > 0);
	for (int i = 0; i < length; i++)
		text[i] = reversed[length - 1 - i];
	text[length] = 0;
}

/*
 * From now on, the signals that are listed go to another process, and this process becomes
 * its keeper when it exits.
 */
__attribute__((visibility("default"))) void become_keeper(int pid, int keeper_image, const int *signals, int count)
{
	serving = pid;
	image = keeper_image;
	write_number(pid);
	/* Survives the change of the program, so that no generation is missed meanwhile */
	call(SYS_prctl, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	for (int i = 0; i < count; i++) {
		struct action action = { .handler = forward, .flags = SA_RESTART | SA_SIGINFO, .mask = ALL_SIGNALS };
#if defined(__x86_64__)
		action.flags |= SA_RESTORER;
		action.restorer = restore;
#endif
		call(SYS_rt_sigaction, signals[i], (long) &action, 0, SIGNAL_SET_SIZE, 0);
	}
}

/* DT_FINI of this library */
__attribute__((used)) void become(void)
{
	char *arguments[] = { "graceful-restart-keeper", text, 0 };
	char *environment[] = { 0 };
	if (image < 0)
		return;
	/* What comes from now on waits for the keeper */
	call(SYS_rt_sigprocmask, SIG_BLOCK, (long) &ALL_SIGNALS, 0, SIGNAL_SET_SIZE, 0);
	call(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC, 0, 0);
	call(SYS_chdir, (long) "/", 0, 0, 0, 0);
	call(SYS_execveat, image, (long) "", (long) arguments, (long) environment, AT_EMPTY_PATH);
}
