/**
 * Which module and which package may import which, checked on the compiled classes. Imports
 * ArchUnit and one class of each module, by which it finds the module's others.
 */
@NullMarked
package io.millrace.tests.architecture;

import org.jspecify.annotations.NullMarked;
