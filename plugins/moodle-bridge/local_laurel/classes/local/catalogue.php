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

namespace local_laurel\local;

/**
 * The offerings there are, from the catalogue: kept for a few minutes.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class catalogue {
    /** Pages read at most: ten thousand offerings. */
    private const MOST_PAGES = 20;

    /**
     * The offerings: titles by id.
     *
     * @return array<string, string>
     * @throws \moodle_exception When the catalogue cannot be read; it says why.
     */
    public static function offerings(): array {
        $cache = \cache::make('local_laurel', 'catalogue');
        $offerings = $cache->get(current_language());
        if ($offerings === false) {
            $offerings = self::read();
            $cache->set(current_language(), $offerings);
        }
        return $offerings;
    }

    /**
     * Read the catalogue, page by page.
     *
     * @return array<string, string>
     * @throws \moodle_exception
     */
    private static function read(): array {
        $bridge = bridge::from_config();
        if (!$bridge->is_configured()) {
            throw new \moodle_exception('notconfigured', 'local_laurel');
        }
        $offerings = [];
        $after = '';
        for ($page = 0; $page < self::MOST_PAGES; $page++) {
            $answer = $bridge->send(request::catalogue($after));
            if ($answer->failure !== null) {
                throw new \moodle_exception('cataloguefailed', 'local_laurel', '', $answer->failure->explain($answer->facts));
            }
            foreach ($answer->said['items'] as $offering) {
                $offerings[$offering['id']] = self::title($offering['title'], $offering['id']);
            }
            $after = (string) ($answer->said['next'] ?? '');
            if ($after === '') {
                break;
            }
        }
        return $offerings;
    }

    /**
     * An offering's title in the reader's language, or the first there is, and its id.
     *
     * @param array<string, string> $title
     * @param string $id
     * @return string
     */
    private static function title(array $title, string $id): string {
        $language = strtok(current_language(), '_');
        return ($title[$language] ?? $title['en'] ?? reset($title)) . " ({$id})";
    }
}
