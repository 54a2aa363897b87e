/**
 * What docker-compose.yml hangs together by, as far as it can be checked without a container: the
 * dashboards' form, and that the programs have the meters that they ask for. The stack itself is
 * tried by tests/compose/smoke. Imports the support package and the app.
 */
@NullMarked
package io.millrace.tests.compose;

import org.jspecify.annotations.NullMarked;
