#pragma once

#include <span>
#include <string_view>

namespace weir::protect {

/// The commonest function words of English, as canonical text has them. Of other languages, the
/// short ones are no content words by their length; the rest costs a little space and weighs
/// little.
std::span<const std::string_view> common_words();

/// The word without a common English ending of inflection: "deploys", "deployed" and "deploying"
/// become "deploy". Deliberately less than Porter's: what is cut must be cut alike everywhere, and
/// words must stay apart. Others come back as they are.
std::string_view light_stem(std::string_view word);

}  // namespace weir::protect
