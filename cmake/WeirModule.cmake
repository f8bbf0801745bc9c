# weir_module(NAME SOURCES … [DEPS …] [LIBS …] [TESTS …] [TEST_DEPS …])
#
# One folder, one library `weir::NAME`, one test program `NAME_test` with the
# ctest label NAME. DEPS names other Weir modules and is the whole truth about
# them (tools/check_layers.py compares it with the includes); TEST_DEPS names those that only the
# tests include; LIBS names third-party targets, which stay private to the module.

add_library(weir_flags INTERFACE)
target_include_directories(weir_flags INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(weir_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual
  # Results must be the same under both compilers, to the last bit.
  -ffp-contract=off
  # GCC 12 reports these on correct uses of std::expected and std::optional, and of std::string
  # (its bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized> $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  # Clang reports libstdc++ 12's own use of what it deprecates, in std::stable_sort; GCC, which
  # does not, still reports ours.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>
  $<$<BOOL:${WEIR_WERROR}>:-Werror>)
target_compile_definitions(weir_flags INTERFACE _GLIBCXX_ASSERTIONS)
# A program loads only the libraries whose symbols it uses: `weir` none of those that read documents.
target_link_options(weir_flags INTERFACE -Wl,--as-needed)
if(NOT WEIR_SANITIZE)  # the sanitizers bring their own checks of the same calls
  target_compile_options(weir_flags INTERFACE
    $<$<CONFIG:RelWithDebInfo>:-fstack-protector-strong> $<$<CONFIG:RelWithDebInfo>:-U_FORTIFY_SOURCE>
    $<$<CONFIG:RelWithDebInfo>:-D_FORTIFY_SOURCE=2>)
  target_link_options(weir_flags INTERFACE $<$<CONFIG:RelWithDebInfo>:-Wl,-z,relro,-z,now>)
endif()

if(WEIR_SANITIZE)
  add_compile_options(-fsanitize=${WEIR_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${WEIR_SANITIZE})
endif()
if(WEIR_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

function(weir_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS;LIBS;TESTS;TEST_DEPS" ${ARGN})
  set(kind STATIC)
  set(visibility PUBLIC)
  if(NOT arg_SOURCES)
    set(kind INTERFACE)
    set(visibility INTERFACE)
  endif()
  add_library(weir_${name} ${kind} ${arg_SOURCES})
  add_library(weir::${name} ALIAS weir_${name})
  list(TRANSFORM arg_DEPS PREPEND weir:: OUTPUT_VARIABLE modules)
  target_link_libraries(weir_${name} ${visibility} ${modules})
  if(kind STREQUAL STATIC)
    target_link_libraries(weir_${name} PUBLIC weir_flags PRIVATE ${arg_LIBS})
  else()
    target_link_libraries(weir_${name} INTERFACE weir_flags ${arg_LIBS})
  endif()

  if(arg_TESTS AND BUILD_TESTING)
    add_executable(${name}_test ${arg_TESTS})
    list(TRANSFORM arg_TEST_DEPS PREPEND weir:: OUTPUT_VARIABLE test_modules)
    target_link_libraries(${name}_test PRIVATE weir_${name} ${test_modules} ${arg_LIBS}
      GTest::gtest_main GTest::gmock)
    target_compile_definitions(${name}_test PRIVATE WEIR_TESTDATA="${CMAKE_SOURCE_DIR}/testdata")
    # PRE_TEST: a build does not run what it builds.
    gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
      PROPERTIES LABELS ${name} TIMEOUT 300)
  endif()
endfunction()

# weir_program(NAME SOURCES … DEPS …): an executable that appears at the top of the build folder.
# Modules call it beside their weir_module().
function(weir_program name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS;LIBS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  list(TRANSFORM arg_DEPS PREPEND weir:: OUTPUT_VARIABLE modules)
  target_link_libraries(${name} PRIVATE ${modules} weir_flags ${arg_LIBS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}")
endfunction()
