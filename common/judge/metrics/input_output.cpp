// What the pods read, write and send: shown where the configuration says how to ask for it.
#include "common/judge/metric.h"

namespace baton::judge {

extern constinit const Metric kDiskIo{
    .id = "disk_io", .heading = "Disk I/O", .unit = {.symbol = "B/s"}, .own = "sum(QUERY)"};

extern constinit const Metric kNetwork{
    .id = "network", .heading = "Network", .unit = {.symbol = "B/s"}, .own = "sum(QUERY)"};

}  // namespace baton::judge
