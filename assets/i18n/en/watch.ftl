# Receiving without a window, and figures for Prometheus (English)

watch-no-list = There is no station list yet. Take one first: pollwall import LIST.csv

metrics-at = figures for Prometheus at { $address }
metrics-taken = The figures cannot be told at { $address }: another program listens at port { $port }. End it, or choose another address with --metrics (port 0 for any free one), or --metrics off.
metrics-refused = The figures cannot be told at { $address }: { $reason }. Choose another address with --metrics, or --metrics off.
metrics-no-thread = The figures cannot be told: { $reason }. Try again, or go without them: --metrics off.

usage-expect-metrics = an address like 127.0.0.1:9464 or [::1]:9464, a port alone (0 for any free one), or off
usage-metrics-anyone = Other machines can reach { $address }, and would see the figures without a login. If that is what you want, add --metrics-anyone.
