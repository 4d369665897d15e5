# bpf_object(NAME SOURCE file.bpf.c): compiles a BPF program and generates its skeleton.
# The target NAME_skeleton gives <NAME.skel.h>, with struct NAME_bpf, as a system include.
find_program(BPF_CLANG NAMES clang REQUIRED)
find_program(BPFTOOL NAMES bpftool PATHS /usr/sbin REQUIRED)

# bpf_flags(VARIABLE): what every BPF program is compiled with.
function(bpf_flags variable)
  set(flags -target bpf -mcpu=v3 -O2 -g -Wall -Wextra -Werror
      -fdebug-prefix-map=${PROJECT_SOURCE_DIR}=.)
  foreach(dir ${BPF_INCLUDE_DIRS})
    list(APPEND flags -I${dir})
  endforeach()
  list(APPEND flags -I/usr/include/${CMAKE_LIBRARY_ARCHITECTURE})
  set(${variable} ${flags} PARENT_SCOPE)
endfunction()

function(bpf_object name)
  cmake_parse_arguments(arg "" "SOURCE" "" ${ARGN})
  set(source ${CMAKE_CURRENT_SOURCE_DIR}/${arg_SOURCE})
  set(object ${CMAKE_CURRENT_BINARY_DIR}/${name}.bpf.o)
  set(skeleton ${CMAKE_CURRENT_BINARY_DIR}/${name}.skel.h)
  bpf_flags(flags)

  add_custom_command(
    OUTPUT ${object}
    COMMAND ${BPF_CLANG} ${flags} -MD -MF ${object}.d -MT ${object} -c ${source} -o ${object}
    DEPENDS ${source}
    DEPFILE ${object}.d
    COMMENT "BPF ${arg_SOURCE}"
    VERBATIM)
  add_custom_command(
    OUTPUT ${skeleton}
    COMMAND ${BPFTOOL} gen skeleton ${object} name ${name}_bpf > ${skeleton}.tmp
    COMMAND ${CMAKE_COMMAND} -E rename ${skeleton}.tmp ${skeleton}
    DEPENDS ${object}
    COMMENT "Skeleton ${name}.skel.h"
    VERBATIM)
  add_custom_target(${name}_skeleton_files DEPENDS ${skeleton})
  add_library(${name}_skeleton INTERFACE)
  add_dependencies(${name}_skeleton ${name}_skeleton_files)
  target_include_directories(${name}_skeleton SYSTEM INTERFACE ${CMAKE_CURRENT_BINARY_DIR})
  target_link_libraries(${name}_skeleton INTERFACE PkgConfig::BPF)
endfunction()
