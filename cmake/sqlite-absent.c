/* What baton-watch's SQLite does without, 330 kB of it: searching texts and rectangles. It opens files of its own tables
   only, and an executable's own objects are linked before the archive that has these. */
#include <sqlite3.h>

#define ABSENT_MODULE(name)    \
  int name(sqlite3 *database) { \
    (void)database;             \
    return SQLITE_OK;           \
  }
ABSENT_MODULE(sqlite3Fts3Init)
ABSENT_MODULE(sqlite3Fts5Init)
ABSENT_MODULE(sqlite3RtreeInit)
