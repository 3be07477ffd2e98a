// The worlds and the faults that are tried in them.
#include "tests/accuracy/world.h"

namespace baton::accuracy {
namespace {

constexpr World kWorlds[] = {
    {.group = "little traffic", .name = "0.05/s", .rps = 0.05},
    {.group = "little traffic", .name = "0.2/s", .rps = 0.2},
    {.group = "little traffic", .name = "0.2/s, 2 % errors", .rps = 0.2, .errors = 2},
    {.group = "little traffic", .name = "0.7/s", .rps = 0.7},
    {.group = "calm", .name = "2/s", .rps = 2},
    {.group = "calm", .name = "2/s, 2 % errors", .rps = 2, .errors = 2},
    {.group = "calm", .name = "20/s", .rps = 20},
    {.group = "calm", .name = "20/s, no errors", .rps = 20, .errors = 0},
    {.group = "calm", .name = "20/s, 5 % errors", .rps = 20, .errors = 5},
    {.group = "calm", .name = "20/s, fine", .rps = 20, .is_fine = true},
    {.group = "calm", .name = "200/s", .rps = 200},
    {.group = "calm", .name = "2,000/s, fine", .rps = 2000, .is_fine = true},
    {.group = "calm", .name = "scraped every 30 s", .scraped_every = 30s},
    {.group = "calm", .name = "scraped every 60 s", .scraped_every = 60s},
    {.group = "calm", .name = "errors in fives", .together = 5},
    {.group = "calm", .name = "steep mornings", .swing = 0.8, .load_noise = 0.2},
    {.group = "calm", .name = "quiet weekends", .swing = 0.5, .weekend = 0.4},
    {.group = "calm", .name = "2 pods", .pods = 2},
    {.group = "calm", .name = "100 pods", .pods = 100},
    {.group = "operations", .name = "autoscaler", .pods = 6, .scaled_every = 3min},
    {.group = "operations", .name = "restarts", .restarted_every = 20min},
    {.group = "operations",
     .name = "2/s, autoscaler and restarts",
     .rps = 2,
     .pods = 4,
     .scaled_every = 3min,
     .restarted_every = 20min},
    {.group = "operations", .name = "scrapes fail", .unscraped_every = 15min},
    {.group = "operations", .name = "retries", .errors = 1, .retried = 0.6},
    {.group = "latency", .name = "slow tail", .slow_tail = 0.04},
    {.group = "latency", .name = "heavy tail", .heavy_tail = 0.01},
    {.group = "latency", .name = "heavy tail, 5 %", .heavy_tail = 0.05},
    {.group = "latency", .name = "wandering", .latency_noise = 0.35, .latency_memory = 10min},
    {.group = "latency", .name = "wandering, fine", .latency_noise = 0.35, .latency_memory = 10min, .is_fine = true},
    {.group = "latency", .name = "30 s every hour x5", .recurring = {.every = 1h, .lasting = 30s, .times = 5}},
    {.group = "latency",
     .name = "2 min every half hour x3",
     .recurring = {.every = 30min, .lasting = 2min, .times = 3}},
    {.group = "latency",
     .name = "2 min every half hour x3, fine",
     .recurring = {.every = 30min, .lasting = 2min, .times = 3},
     .is_fine = true},
    {.group = "latency", .name = "3 min every 3 h x4", .recurring = {.every = 3h, .lasting = 3min, .times = 4}},
    {.group = "latency", .name = "20 min every 6 h x6", .recurring = {.every = 6h, .lasting = 20min, .times = 6}},
    {.group = "latency",
     .name = "young pods, wandering",
     .latency_noise = 0.2,
     .latency_memory = 10min,
     .is_young = true},
    {.group = "warm-up", .name = "x3 in 100 s", .warm_up = 3, .warm_up_lasting = 100s},
    {.group = "warm-up", .name = "x6 in 60 s", .warm_up = 6, .warm_up_lasting = 60s},
    {.group = "warm-up", .name = "x1.8 in 5 min", .warm_up = 1.8, .warm_up_lasting = 5min},
    {.group = "bursts", .name = "30 s of 15 % an hour", .recurring = {.every = 1h, .lasting = 30s, .errors = 15}},
    {.group = "bursts",
     .name = "2 min of 4 % every 20 min",
     .recurring = {.every = 20min, .lasting = 2min, .errors = 4}},
    {.group = "cpu", .name = "steady at 70 %", .cpu = 70},
    {.group = "cpu", .name = "steady at 86 %", .cpu = 86, .cpu_noise = 5},
    {.group = "cpu", .name = "starts at 99 %", .cpu = 45, .starting_cpu = 54},
    {.group = "memory", .name = "steady at 88 %", .memory = 88},
    {.group = "memory", .name = "steady at 97 %", .memory = 97},
    {.group = "memory", .name = "saw-tooth 75-90 %", .memory = 75, .memory_saw = 15},
    {.group = "memory", .name = "saw-tooth 40-90 %", .memory = 40, .memory_saw = 50},
};

constexpr Fault kFaults[] = {
    {.name = "+100 points of errors", .errors = 100},
    {.name = "+50 points of errors", .errors = 50},
    {.name = "+50 points, at 40 min", .from = 40min, .errors = 50},
    {.name = "+10 points of errors", .errors = 10},
    {.name = "+10 points, at 40 min", .from = 40min, .errors = 10},
    {.name = "latency x10", .times = 10},
    {.name = "latency x4, at 40 min", .from = 40min, .times = 4},
    {.name = "latency x2", .times = 2},
    {.name = "latency x2, at 40 min", .from = 40min, .times = 2},
    {.name = "leak of 1.5 %/min", .leak = 1.5},
    {.name = "leak of 3 %/min", .leak = 3},
    {.name = "no request any more, at 40 min", .from = 40min, .load = 0},
    {.name = "60 % fewer requests, at 40 min", .from = 40min, .load = 0.4},
};

}  // namespace

std::span<const World> worlds() { return kWorlds; }
std::span<const Fault> faults() { return kFaults; }

}  // namespace baton::accuracy
