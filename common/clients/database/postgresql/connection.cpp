// PostgreSQL through libpq: simple queries, notices, SQLSTATE, positions, cancel from another thread.
#include "common/clients/database/postgresql/connection.h"

#include <libpq-fe.h>

#include <algorithm>
#include <chrono>

#include "common/clients/database/postgresql/failure.h"
#include "common/clients/database/postgresql/settings.h"
#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton::database {
namespace {

struct Release {
  void operator()(PGconn* connection) const { PQfinish(connection); }
  void operator()(PGcancel* cancel) const { PQfreeCancel(cancel); }
  void operator()(PGresult* result) const { PQclear(result); }
};
using Connection = std::unique_ptr<PGconn, Release>;
using Result = std::unique_ptr<PGresult, Release>;

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? std::string() : std::string(text);
}

std::string sentence(const PGresult* result) {
  std::string text = field(result, PG_DIAG_MESSAGE_PRIMARY);
  if (const auto detail = field(result, PG_DIAG_MESSAGE_DETAIL); !detail.empty()) text += " (" + detail + ")";
  if (const auto advice = field(result, PG_DIAG_MESSAGE_HINT); !advice.empty())
    text += "; the server advises: " + advice;
  return text.empty() ? first_line(PQresultErrorMessage(result)) : text;
}

bool is_failure(ExecStatusType status) { return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE; }

class PostgreSql final : public Database {
 public:
  explicit PostgreSql(Connection connection)
      : connection_(std::move(connection)), cancel_(PQgetCancel(connection_.get())) {
    PQsetNoticeReceiver(connection_.get(), &PostgreSql::take_notice, this);
  }

  void execute(std::string_view sql) override {
    const std::string text = checked(sql);
    if (PQsendQuery(connection_.get(), text.c_str()) == 0) throw lost();
    const Ended ended = take_results();
    if (PQstatus(connection_.get()) == CONNECTION_BAD) throw lost();
    if (ended.failure) throw StatementError(*ended.failure);
    const bool rolled_back = ended.tag == "ROLLBACK";
    // What stands behind a COMMIT of the text is a transaction that the end of the text commits.
    if (PQtransactionStatus(connection_.get()) == PQTRANS_IDLE && !rolled_back) committed_ = ended.finished;
    if (rolled_back && to_lower(trim(sql)) == "commit") {
      throw StatementError("25P02", "the server rolled the transaction back instead of committing it");
    }
  }

  Rows query(std::string_view sql, const std::vector<Cell>& parameters) override {
    const std::string text = checked(sql);
    std::vector<const char*> values;
    values.reserve(parameters.size());
    for (const auto& parameter : parameters) values.push_back(parameter ? parameter->c_str() : nullptr);
    const Result result{PQexecParams(connection_.get(), text.c_str(), static_cast<int>(values.size()), nullptr,
                                     values.data(), nullptr, nullptr, 0)};
    if (!result) throw lost();
    if (is_failure(PQresultStatus(result.get()))) throw error_of(result.get(), 1);
    return rows_of(result.get());
  }

  void cancel() override {
    char message[256];
    PQcancel(cancel_.get(), message, sizeof message);
  }

  bool in_transaction() const override {
    const auto status = PQtransactionStatus(connection_.get());
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
  }

  int committed() const override { return committed_; }

  void on_notice(std::function<void(std::string_view, std::string_view)> take) override { notice_ = std::move(take); }

 private:
  /// What the statements of a text came to.
  struct Ended {
    std::optional<StatementError> failure = {};  ///< the first one's
    std::string tag = {};                        ///< of the last one
    int finished = 0;
  };

  Ended take_results() {
    Ended ended;
    committed_ = 0;
    while (const Result result{PQgetResult(connection_.get())}) {
      const auto status = PQresultStatus(result.get());
      const bool is_copy = status == PGRES_COPY_IN || status == PGRES_COPY_OUT;
      if (is_failure(status) && !ended.failure) ended.failure = error_of(result.get(), ended.finished + 1);
      if (is_copy) end_copy(status);
      if (!is_copy) ++ended.finished;
      ended.tag = PQcmdStatus(result.get());
      if (ended.tag == "COMMIT" || ended.tag == "PREPARE TRANSACTION") committed_ = ended.finished;
    }
    return ended;
  }

  static void take_notice(void* self, const PGresult* result) {
    const auto& notice = static_cast<PostgreSql*>(self)->notice_;
    if (notice) notice(field(result, PG_DIAG_SEVERITY_NONLOCALIZED), field(result, PG_DIAG_MESSAGE_PRIMARY));
  }

  static std::string checked(std::string_view sql) {
    const auto nul = sql.find('\0');
    if (nul == std::string_view::npos) return std::string(sql);
    throw StatementError("22021", "the text holds a NUL byte", {}, {.character = static_cast<int>(nul) + 1});
  }

  static Rows rows_of(const PGresult* result) {
    Rows rows;
    for (int column = 0; column < PQnfields(result); ++column) rows.columns.emplace_back(PQfname(result, column));
    for (int row = 0; row < PQntuples(result); ++row) {
      Row cells;
      for (int column = 0; column < PQnfields(result); ++column) cells.push_back(cell_of(result, row, column));
      rows.rows.push_back(std::move(cells));
    }
    return rows;
  }

  static Cell cell_of(const PGresult* result, int row, int column) {
    if (PQgetisnull(result, row, column) == 1) return std::nullopt;
    return std::string(PQgetvalue(result, row, column), static_cast<std::size_t>(PQgetlength(result, row, column)));
  }

  StatementError lost() const { return lost_connection(PQerrorMessage(connection_.get())); }

  StatementError error_of(const PGresult* result, int statement) const {
    if (PQstatus(connection_.get()) == CONNECTION_BAD) return lost();
    const std::string state = field(result, PG_DIAG_SQLSTATE);
    const std::string position = field(result, PG_DIAG_STATEMENT_POSITION);
    return {state,
            printable(sentence(result)),
            {},
            {.character = position.empty() ? 0 : std::stoi(position), .statement = statement}};
  }

  /// No file stands behind a COPY here: one that waits for rows is failed, one that sends them is emptied.
  void end_copy(ExecStatusType status) {
    if (status == PGRES_COPY_IN) {
      PQputCopyEnd(connection_.get(), "rows cannot be read from the migration file");
      return;
    }
    char* row = nullptr;
    while (PQgetCopyData(connection_.get(), &row, /*async=*/0) > 0) PQfreemem(row);
  }

  Connection connection_;
  int committed_ = 0;
  std::unique_ptr<PGcancel, Release> cancel_;
  std::function<void(std::string_view, std::string_view)> notice_;
};

}  // namespace

std::unique_ptr<Database> open_postgresql(const Address& address, Duration timeout) {
  const auto settings = connection_settings(address, timeout);
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  for (const auto& [keyword, value] : settings.all()) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  Connection connection{PQconnectdbParams(keywords.data(), values.data(), /*expand_dbname=*/0)};
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    throw unreachable_server(address, PQerrorMessage(connection.get()));
  }
  return std::make_unique<PostgreSql>(std::move(connection));
}

}  // namespace baton::database
