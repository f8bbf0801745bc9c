#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string_view>
#include <utility>

#include "weir/app/workspace.h"
#include "weir/base/test_folder.h"

namespace weir::app {

/// For tests: a new simulated workspace, open, in the folder `w` of a fresh folder.
class WorkspaceTest : public testing::Test {
 protected:
  void SetUp() override {
    InitOptions options;
    options.kind = vault::WorkspaceKind::simulated;
    ASSERT_TRUE(Workspace::create(at("w"), options));
    auto workspace = Workspace::open(at("w"));
    ASSERT_TRUE(workspace);
    workspace_ = std::move(*workspace);
  }
  std::filesystem::path at(std::string_view name) const { return folder_.path() / name; }

  TestFolder folder_;
  std::unique_ptr<Workspace> workspace_;
};

}  // namespace weir::app
