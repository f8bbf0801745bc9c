#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir::content {

/// Appends the addresses of a header value such as To or From to `out`, at most until it holds
/// `limit`; false if there were more. Names and comments are dropped, groups are opened
/// ("team: a@x, b@x;"), commas and semicolons separate. What has no "@" (Exchange's
/// "/O=CORP/OU=…", a bare name) stays as it is; "undisclosed-recipients" and its like are nobody.
/// Never fails: what is no address list gives whatever looks like addresses in it.
bool append_addresses(std::string_view value, std::size_t limit, std::vector<std::string>& out);

}  // namespace weir::content
