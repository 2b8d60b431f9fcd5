# The systemd unit, and `cpack -G DEB` in the build folder for a Debian package with its dependencies.
include(GNUInstallDirs)
configure_file(${CMAKE_CURRENT_LIST_DIR}/doihound.service.in doihound.service @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/doihound.service DESTINATION lib/systemd/system)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME doihound)
set(CPACK_PACKAGE_CONTACT "The doihound authors <doihound@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "local DataCite metadata service")
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
include(CPack)
