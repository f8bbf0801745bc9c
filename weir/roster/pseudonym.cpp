#include "weir/roster/detail/pseudonym.h"

#include <fmt/format.h>

#include <array>

namespace weir::roster::detail {
namespace {

// Left out on purpose: given names and surnames (Robin, Hazel, Ash, Finch), nations (Turkey),
// and what would colour a reader's view of somebody (Magpie, Mole, Nettle, Hemlock).
constexpr auto kWords = std::to_array<std::string_view>(
    {"Kestrel",      "Avocet",     "Bittern",     "Bunting",    "Bustard",       "Chiffchaff",
     "Cormorant",    "Corncrake",  "Curlew",      "Dabchick",   "Dipper",        "Dunlin",
     "Dunnock",      "Egret",      "Eider",       "Fieldfare",  "Firecrest",     "Flamingo",
     "Fulmar",       "Gadwall",    "Gannet",      "Garganey",   "Godwit",        "Goldcrest",
     "Goldeneye",    "Goosander",  "Goshawk",     "Grebe",      "Greenfinch",    "Greenshank",
     "Guillemot",    "Harrier",    "Hobby",       "Hoopoe",     "Ibis",          "Jackdaw",
     "Kingfisher",   "Kittiwake",  "Lapwing",     "Mallard",    "Merganser",     "Moorhen",
     "Nightjar",     "Nuthatch",   "Osprey",      "Ouzel",      "Oystercatcher", "Petrel",
     "Pintail",      "Pipit",      "Plover",      "Pochard",    "Ptarmigan",     "Puffin",
     "Redshank",     "Redstart",   "Redwing",     "Sanderling", "Sandpiper",     "Shearwater",
     "Shelduck",     "Shoveler",   "Siskin",      "Skua",       "Skylark",       "Smew",
     "Spoonbill",    "Stonechat",  "Stork",       "Tern",       "Thrush",        "Treecreeper",
     "Turnstone",    "Twite",      "Wagtail",     "Warbler",    "Waxwing",       "Wheatear",
     "Whimbrel",     "Whinchat",   "Whitethroat", "Wigeon",     "Woodlark",      "Wryneck",
     "Yellowhammer", "Beech",      "Blackthorn",  "Boxwood",    "Bracken",       "Bramble",
     "Buckthorn",    "Cedar",      "Chestnut",    "Cypress",    "Dogwood",       "Elm",
     "Foxglove",     "Gorse",      "Hawthorn",    "Hornbeam",   "Larch",         "Laburnum",
     "Lilac",        "Maple",      "Medlar",      "Oak",        "Osier",         "Pine",
     "Poplar",       "Quince",     "Redwood",     "Sequoia",    "Sloe",          "Spindle",
     "Spruce",       "Sumac",      "Sycamore",    "Tamarack",   "Teak",          "Thistle",
     "Walnut",       "Whitebeam",  "Yew",         "Bluebell",   "Burdock",       "Campion",
     "Celandine",    "Clover",     "Coltsfoot",   "Comfrey",    "Cornflower",    "Cowslip",
     "Crocus",       "Fescue",     "Flax",        "Gentian",    "Harebell",      "Horsetail",
     "Larkspur",     "Lavender",   "Lichen",      "Lupin",      "Mallow",        "Marram",
     "Meadowsweet",  "Milkwort",   "Moss",        "Mullein",    "Orchid",        "Oxlip",
     "Pimpernel",    "Plantain",   "Primrose",    "Ragwort",    "Samphire",      "Saxifrage",
     "Sedge",        "Sorrel",     "Speedwell",   "Stonecrop",  "Tansy",         "Teasel",
     "Thyme",        "Toadflax",   "Trefoil",     "Vetch",      "Woodruff",      "Yarrow",
     "Agate",        "Alabaster",  "Andesite",    "Apatite",    "Azurite",       "Barite",
     "Basalt",       "Bauxite",    "Calcite",     "Chalk",      "Chert",         "Cinnabar",
     "Citrine",      "Cobble",     "Corundum",    "Diorite",    "Dolerite",      "Dolomite",
     "Feldspar",     "Fluorite",   "Gabbro",      "Galena",     "Gneiss",        "Granite",
     "Graphite",     "Gravel",     "Gypsum",      "Halite",     "Hematite",      "Hornfels",
     "Kyanite",      "Lazurite",   "Limestone",   "Magnetite",  "Malachite",     "Marble",
     "Marl",         "Mica",       "Mudstone",    "Obsidian",   "Olivine",       "Onyx",
     "Pebble",       "Peridotite", "Porphyry",    "Pumice",     "Pyrite",        "Quartz",
     "Quartzite",    "Rhyolite",   "Rutile",      "Sandstone",  "Schist",        "Selenite",
     "Serpentine",   "Shale",      "Siltstone",   "Slate",      "Spinel",        "Talc",
     "Topaz",        "Tourmaline", "Travertine",  "Tuff",       "Zeolite",       "Zircon",
     "Cairn",        "Cove",       "Delta",       "Dune",       "Estuary",       "Fjord",
     "Glacier",      "Headland",   "Inlet",       "Islet",      "Isthmus",       "Lagoon",
     "Meander",      "Moraine",    "Oxbow",       "Plateau",    "Reef",          "Ridge",
     "Rivulet",      "Sandbar",    "Scree",       "Shoal",      "Tarn",          "Tundra"});

}  // namespace

std::span<const std::string_view> pseudonym_words() { return kWords; }

std::string new_pseudonym(std::unordered_set<std::string>& taken,
                          const std::function<std::uint64_t()>& random) {
  // Three digits while they last; when tries run into taken ones, one digit more.
  std::uint64_t low = 100;
  for (int tries = 1;; ++tries) {
    if (tries % 8 == 0 && low < 100'000'000) low *= 10;
    const std::uint64_t bits = random();
    const std::string_view word = kWords[(bits >> 32) % kWords.size()];
    std::string pseudonym = fmt::format("{}-{}", word, low + (bits & 0xffff'ffffu) % (9 * low));
    if (taken.insert(pseudonym).second) return pseudonym;
  }
}

}  // namespace weir::roster::detail
