/* In front of the C library's look-up of host names: one name hangs for ever, one is unknown, the
 * others go on to the real one. See network.rs. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <string.h>
#include <unistd.h>

typedef int look_up(const char *, const char *, const struct addrinfo *, struct addrinfo **);

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **found) {
    static const char hanging[] = "a look-up hangs\n";
    if (node && strcmp(node, "hangs.pollwall.invalid") == 0) {
        if (write(2, hanging, sizeof hanging - 1) < 0)
            return EAI_SYSTEM;
        for (;;)
            pause();
    }
    if (node && strcmp(node, "unknown.pollwall.invalid") == 0)
        return EAI_NONAME;
    look_up *real = (look_up *)dlsym(RTLD_NEXT, "getaddrinfo");
    return real(node, service, hints, found);
}
