/**
 * Network files and the command that describes them. Imports of the project {@code app.yaml} and
 * the model's {@code spec}.
 */
@NullMarked
package io.millrace.app.network;

import org.jspecify.annotations.NullMarked;
