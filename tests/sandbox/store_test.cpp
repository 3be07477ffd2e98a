// The store's revisions and history.
#include "tests/sandbox/store.h"

#include <gtest/gtest.h>

#include "tests/sandbox/json_tools.h"
#include "tests/sandbox/refusal.h"

namespace baton::sandbox {
namespace {

class StoreTest : public testing::Test {
 protected:
  Json create(const std::string& name) {
    return store_.create(kind_, Json::object({{"metadata", Json::object({{"name", name}, {"namespace", "shop"}})}}));
  }
  Key key(const std::string& name) const { return {.kind = &kind_, .ns = "shop", .name = name}; }

  ManualClock clock_{Time(std::chrono::seconds(1'762'264'800))};
  Store store_{clock_};
  const Kind& kind_ = kind_named("Deployment");
};

TEST_F(StoreTest, EveryWriteHasANewRevisionAndNoChangeHasNone) {
  const auto created = create("web");
  const auto after = store_.update(key("web"), [](Json& object) { object["spec"]["replicas"] = 2; });
  EXPECT_LT(std::stoll(created["metadata"]["resourceVersion"].string()),
            std::stoll(after["metadata"]["resourceVersion"].string()));
  EXPECT_EQ(store_.update(key("web"), [](Json& object) { object["spec"]["replicas"] = 2; }), after);
}

TEST_F(StoreTest, OnlyAChangedSpecIsANewGeneration) {
  create("web");
  const auto labelled = store_.update(key("web"), [](Json& object) { object["metadata"]["labels"]["a"] = "b"; });
  EXPECT_EQ(labelled["metadata"]["generation"], Json(1));
  const auto scaled = store_.update(key("web"), [](Json& object) { object["spec"]["replicas"] = 2; });
  EXPECT_EQ(scaled["metadata"]["generation"], Json(2));
}

TEST_F(StoreTest, ARefusedChangeLeavesTheObjectAlone) {
  const auto created = create("web");
  EXPECT_THROW(store_.update(key("web"),
                             [](Json& object) {
                               object["spec"]["replicas"] = 2;
                               throw invalid("no");
                             }),
               Refusal);
  EXPECT_EQ(store_.get(key("web")), created);
}

TEST_F(StoreTest, ADryRunStoresNothing) {
  store_.create(kind_, Json::object({{"metadata", Json::object({{"name", "web"}, {"namespace", "shop"}})}}),
                Mode::dry_run);
  EXPECT_FALSE(store_.find(key("web")));
}

TEST_F(StoreTest, TheHistoryTellsEachChangeOnce) {
  const auto begin = store_.revision();
  create("web");
  store_.update(key("web"), [](Json& object) { object["spec"]["replicas"] = 2; });
  store_.remove(key("web"));
  const auto changes = store_.changes_since(begin, Duration(0), {});
  ASSERT_EQ(changes.size(), 3U);
  EXPECT_EQ(changes[0]->type, "ADDED");
  EXPECT_EQ(changes[1]->before["metadata"]["resourceVersion"], changes[0]->after["metadata"]["resourceVersion"]);
  EXPECT_EQ(changes[2]->type, "DELETED");
  EXPECT_EQ(store_.changes_since(changes[1]->revision, Duration(0), {}).size(), 1U);
}

TEST_F(StoreTest, AForgottenHistoryIsGone) {
  create("web");
  const auto seen = store_.revision();
  store_.compact();
  EXPECT_THROW(store_.changes_since(seen, Duration(0), {}), Refusal);
  EXPECT_NO_THROW(store_.changes_since(store_.revision(), Duration(0), {}));
}

TEST_F(StoreTest, ListsAreOfOneNamespaceOrOfAll) {
  create("web");
  store_.create(kind_, Json::object({{"metadata", Json::object({{"name", "web"}, {"namespace", "shop-2"}})}}));
  EXPECT_EQ(store_.list(kind_, "shop").items.size(), 1U);
  EXPECT_EQ(store_.list(kind_).items.size(), 2U);
  EXPECT_TRUE(store_.list(kind_named("Pod")).items.empty());
}

}  // namespace
}  // namespace baton::sandbox
