/**
 * Reads YAML files that people write: every value knows its line and column, every mistake says
 * where it is, what was expected and what came. Knows nothing of Millrace's own settings. Imports
 * nothing of the project.
 */
@NullMarked
package io.millrace.app.yaml;

import org.jspecify.annotations.NullMarked;
