# embed_assets(TARGET FILES …): links files into TARGET as `std::string_view portal_asset(name)`,
# declared in <assets.h>. The pages then need no file system at run time.
function(embed_assets target)
  cmake_parse_arguments(arg "" "" "FILES" ${ARGN})
  set(out ${CMAKE_CURRENT_BINARY_DIR}/assets.cpp)
  set(inputs)
  foreach(file ${arg_FILES})
    list(APPEND inputs ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  endforeach()
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} "-DFILES=${inputs}"
            -P ${PROJECT_SOURCE_DIR}/cmake/WriteAssets.cmake
    DEPENDS ${inputs} ${PROJECT_SOURCE_DIR}/cmake/WriteAssets.cmake
    COMMENT "Assets for ${target}"
    VERBATIM)
  target_sources(${target} PRIVATE ${out})
endfunction()
