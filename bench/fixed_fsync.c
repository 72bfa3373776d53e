/* Preloaded into a benchmark, this makes every flush to the disk take the same time, however busy the disk is:
   FIXED_FSYNC_US microseconds. Only for files whose loss does no harm, since nothing is flushed. */
#include <stdlib.h>
#include <time.h>

static int take_a_fixed_time(void)
{
    const char *text = getenv("FIXED_FSYNC_US");
    long long left = text ? atoll(text) : 0;
    struct timespec end;

    /* An absolute moment, so that being woken early by a signal does not make the flush cheaper. */
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += left / 1000000;
    end.tv_nsec += (left % 1000000) * 1000;
    if (end.tv_nsec >= 1000000000) {
        end.tv_sec += 1;
        end.tv_nsec -= 1000000000;
    }
    while (left > 0 && clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) != 0)
        continue;
    return 0;
}

int fsync(int file)
{
    (void)file;
    return take_a_fixed_time();
}

int fdatasync(int file)
{
    (void)file;
    return take_a_fixed_time();
}
