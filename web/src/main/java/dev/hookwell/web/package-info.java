/** The static page, as files on the class path. */
@NullMarked
package dev.hookwell.web;

import org.jspecify.annotations.NullMarked;
