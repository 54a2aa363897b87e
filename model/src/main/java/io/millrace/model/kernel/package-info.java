/**
 * The arithmetic that training spends its time in: one interface, a vector and a scalar
 * implementation that give the same bits. Imports nothing of the project but {@code tensor} and
 * {@code math}.
 */
@NullMarked
package io.millrace.model.kernel;

import org.jspecify.annotations.NullMarked;
