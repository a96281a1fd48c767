# What is installed beside the programs, and the Debian package, which is made of a tree with the
# prefix /usr: scripts/package.sh.

set(generated "${PROJECT_BINARY_DIR}/generated/install")
foreach(program doctor patient wardline-bench)
  install(CODE "execute_process(COMMAND \"${CMAKE_COMMAND}\" -Dprogram=${program}
    \"-Dbinary=$<TARGET_FILE:${program}>\" \"-Dto=${generated}\"
    -P \"${PROJECT_SOURCE_DIR}/cmake/generate.cmake\" COMMAND_ERROR_IS_FATAL ANY)")
  install(FILES "${generated}/${program}.man.gz" RENAME ${program}.1.gz
    DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
  install(FILES "${generated}/${program}.bash" RENAME ${program}
    DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
  install(FILES "${generated}/${program}.zsh" RENAME _${program}
    DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions")
  install(FILES "${generated}/${program}.fish"
    DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
endforeach()

install(FILES protocol/wireshark/wardline.lua DESTINATION "${CMAKE_INSTALL_DATADIR}/wardline")
set(documents "${CMAKE_INSTALL_DATADIR}/doc/wardline")
install(DIRECTORY docs/ DESTINATION "${documents}/docs" FILES_MATCHING PATTERN "*.md"
  PATTERN "*.svg" PATTERN "*.png" PATTERN "*.pml" PATTERN "*.yml" PATTERN "*.json")
install(FILES README.md CHANGELOG.md SECURITY.md CONTRIBUTING.md DESTINATION "${documents}")

# The rest belongs to a system, not to a folder somewhere.
if(NOT CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  return()
endif()

set(package "${PROJECT_SOURCE_DIR}/scripts/package")
foreach(unit wardline-doctor.service wardline-backup.service wardline-backup.timer)
  install(FILES "${package}/${unit}" DESTINATION /lib/systemd/system)
endforeach()
install(FILES "${package}/doctor.toml" DESTINATION /etc/wardline)
install(PROGRAMS "${package}/backup" DESTINATION lib/wardline)
install(FILES "${package}/copyright" DESTINATION "${documents}")
install(CODE "execute_process(COMMAND \"${package}/changelog.sh\" ${PROJECT_VERSION}-1
  OUTPUT_FILE \"${generated}/changelog.Debian\" COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND gzip -9nf \"${generated}/changelog.Debian\" COMMAND_ERROR_IS_FATAL ANY)")
install(FILES "${generated}/changelog.Debian.gz" DESTINATION "${documents}")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME wardline)
set(CPACK_PACKAGE_CONTACT "Wardline maintainers <maintainers@wardline.example>")
set(CPACK_PACKAGE_DIRECTORY "${PROJECT_BINARY_DIR}")
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ
  GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, init-system-helpers (>= 1.54)")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "gnuplot-nox, wireshark")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "gateway of a doctor and client of the doctor's patients")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"The doctor sends an emergency broadcast once; it is encrypted once, signed,
delivered to every patient, kept for those who are away, and receipted by
each. With the gateway (doctor), the client (patient), what they cost
(wardline-bench), units for systemd and a dissector for Wireshark.")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA "${package}/postinst;${package}/prerm;${package}/postrm;${package}/conffiles")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
