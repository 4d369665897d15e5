# Warnings are errors, for every target of this project and for none of its libraries.
add_library(portal_warnings INTERFACE)
target_compile_options(portal_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
  # A designated initializer leaves the other members at their defaults on purpose.
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Woverloaded-virtual -Wno-missing-field-initializers>
  # GCC 12 sees phantoms in inlined std::string, std::variant and coroutine frames; with the
  # sanitizers' instrumentation also in Asio's allocation of those frames.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow
                           -Wno-array-bounds -Wno-dangling-pointer -Wno-stringop-overread
                           -Wno-mismatched-new-delete>)

if(PORTAL_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
else()
  add_compile_options(-fstack-protector-strong)
  add_compile_definitions($<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
  add_link_options(-Wl,-z,relro,-z,now)
endif()

# portal_module(NAME SOURCES … LINKS …): one folder of userspace/ as a static library.
function(portal_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINKS" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR}/userspace)
  target_link_libraries(${name} PUBLIC ${arg_LINKS} PRIVATE portal_warnings)
endfunction()
