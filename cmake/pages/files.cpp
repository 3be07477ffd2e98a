// One row a file, those of all tools first; a test compares the names with the sources that write them.
#include "cmake/pages/files.h"

#include <array>

namespace pages {
namespace {

constexpr auto kRows = std::to_array<FileRow>({
    {"", "baton.yaml", "Configuration, where --config names no other; may be absent"},
    {"", ".baton/", "Folder of handoffs and artifacts, where --dir names no other"},
    {"", ".baton/STEP.json", "What the step found and did: its handoff to the next one"},
    {"", ".baton/STEP.sigstore.json", "The signature of the handoff, where a key is configured"},
    {"", ".baton/evidence/", "What the verdicts were made of"},
    {"precheck", ".baton/pre-deployment-checklist.md", "Every check with what was seen, and the decision"},
    {"migrate", ".baton/deployment-log-RELEASE.txt", "What was done, and when"},
    {"migrate", ".baton-backup/", "The backup before the migration, where migrate.backup_dir names no other"},
    {"switch", ".baton/deployment-log-RELEASE.txt", "What was done, and when"},
    {"switch", ".baton/post-rollback-analysis-RELEASE.md", "Why the traffic was taken back, and what is there to read"},
    {"watch", ".baton/monitoring-report-RELEASE.md", "What was judged, against what, and the decision"},
    {"watch", ".baton/evidence/points.db", "The numbers that the verdict was made of; replay judges them again"},
    {"watch", ".baton/post-rollback-analysis-RELEASE.md", "Why the traffic was taken back, and what is there to read"},
    {"watch", "calibration.json", "What calibrate found, where --file names no other"},
    {"finalize", ".baton/deployment-summary-RELEASE.md", "The deployment as a whole"},
    {"finalize", "docs/deployment-history.md", "One entry a deployment, where finalize.history names no other"},
    {"finalize", "deployments/archive/", "The evidence that is kept, where finalize.archive names no other"},
});

}  // namespace

std::span<const FileRow> file_rows() { return kRows; }

}  // namespace pages
