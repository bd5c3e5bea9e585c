<?php
// This file is part of Moodle - https://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// Moodle is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with Moodle.  If not, see <https://www.gnu.org/licenses/>.

/**
 * Where the bridge tells by itself what became of completions.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

define('NO_DEBUG_DISPLAY', true);
define('NO_MOODLE_COOKIES', true);
define('AJAX_SCRIPT', true);

// phpcs:ignore moodle.Files.RequireLogin.Missing -- what is told here is signed; nobody is logged in.
require(__DIR__ . '/../../config.php');

use local_laurel\local\inbox;

$names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
$headers = array_combine($names, array_map(
    static fn(string $name): string => (string) ($_SERVER['HTTP_' . strtoupper(strtr($name, '-', '_'))] ?? ''),
    $names
));
$body = (string) file_get_contents('php://input', false, null, 0, inbox::LONGEST);
[$status, $why] = inbox::take($headers, $body, \core\di::get(\core\clock::class)->time());
http_response_code($status);
header('Content-Type: application/json');
echo json_encode(['status' => $status, 'title' => $why]);
