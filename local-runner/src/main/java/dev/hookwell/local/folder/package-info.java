/**
 * The data folder with its lock and its keys, requests to its runner, and files that nobody else
 * may use. It uses no other package of the runner.
 */
@NullMarked
package dev.hookwell.local.folder;

import org.jspecify.annotations.NullMarked;
