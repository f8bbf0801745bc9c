#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

namespace weir::roster::detail {

/// Birds, plants, stones and shores: nobody's name, no nation's, nothing that flatters or blames.
std::span<const std::string_view> pseudonym_words();

/// A word and a number ("Kestrel-207") that is not in `taken`, and now is. `random` gives 64
/// unpredictable bits a call; the pseudonym follows from nothing else.
std::string new_pseudonym(std::unordered_set<std::string>& taken,
                          const std::function<std::uint64_t()>& random);

}  // namespace weir::roster::detail
