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
 * The settings, and the administrators' pages.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

// Managers see no local plugins, and have deliveries to look after.
$parent = $ADMIN->locate('localplugins') ? 'localplugins' : 'reports';
$ADMIN->add($parent, new admin_category('local_laurel_category', new lang_string('pluginname', 'local_laurel')));
$ADMIN->add('local_laurel_category', new admin_externalpage(
    'local_laurel_deliveries',
    new lang_string('deliveries', 'local_laurel'),
    new moodle_url('/local/laurel/deliveries.php'),
    'local/laurel:managedeliveries'
));
$ADMIN->add('local_laurel_category', new admin_externalpage(
    'local_laurel_backfill',
    new lang_string('backfill', 'local_laurel'),
    new moodle_url('/local/laurel/backfill.php'),
    'local/laurel:managedeliveries'
));
$ADMIN->add('local_laurel_category', new admin_externalpage(
    'local_laurel_test',
    new lang_string('test', 'local_laurel'),
    new moodle_url('/local/laurel/test.php'),
    'local/laurel:managedeliveries'
));

if ($hassiteconfig) {
    $settings = new admin_settingpage('local_laurel', new lang_string('settingspage', 'local_laurel'));
    if ($ADMIN->fulltree) {
        $settings->add(new admin_setting_heading(
            'local_laurel/about',
            '',
            new lang_string('settings_about', 'local_laurel', (new moodle_url('/local/laurel/test.php'))->out())
        ));
        $settings->add(new \local_laurel\admin\setting_bridge_url(
            'local_laurel/bridgeurl',
            new lang_string('bridgeurl', 'local_laurel'),
            new lang_string('bridgeurl_desc', 'local_laurel')
        ));
        $settings->add(new admin_setting_configtext(
            'local_laurel/platform',
            new lang_string('platform', 'local_laurel'),
            new lang_string('platform_desc', 'local_laurel'),
            '',
            '/^([a-z0-9][a-z0-9-]{0,62})?$/'
        ));
        $settings->add(new \local_laurel\admin\setting_secret(
            'local_laurel/secret',
            new lang_string('secret', 'local_laurel'),
            new lang_string('secret_desc', 'local_laurel')
        ));
        $settings->add(new admin_setting_configcheckbox(
            'local_laurel/pushes',
            new lang_string('pushes', 'local_laurel'),
            new lang_string('pushes_desc', 'local_laurel', (object) [
                'platform' => s(get_config('local_laurel', 'platform') ?: 'PLATFORM'),
                'address' => \local_laurel\local\inbox::address()->out(),
            ]),
            0
        ));
        $settings->add(new \local_laurel\admin\setting_courses(
            'local_laurel/courses',
            new lang_string('courses', 'local_laurel'),
            new lang_string('courses_desc', 'local_laurel')
        ));
        $settings->add(new admin_setting_configtext(
            'local_laurel/esifield',
            new lang_string('esifield', 'local_laurel'),
            new lang_string('esifield_desc', 'local_laurel'),
            '',
            PARAM_ALPHANUMEXT
        ));
        $settings->add(new admin_setting_configtext(
            'local_laurel/supervisionfield',
            new lang_string('supervisionfield', 'local_laurel'),
            new lang_string('supervisionfield_desc', 'local_laurel'),
            '',
            PARAM_ALPHANUMEXT
        ));
    }
    $ADMIN->add('local_laurel_category', $settings);
}
