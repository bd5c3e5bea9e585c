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
 * Spanish.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['attempts'] = 'Intentos';
$string['award'] = 'Concesión';
$string['backfill'] = 'Finalizaciones anteriores';
$string['backfill_about'] = 'Lo que se completó antes de que el curso expidiera microcredenciales se deja como está hasta que usted lo comunique aquí. Cada finalización se comunica una sola vez. En el servidor, <code>php local/laurel/cli/backfill.php --help</code> hace lo mismo.';
$string['backfill_all'] = 'Comunicar las {$a}';
$string['backfill_begin'] = 'Comunicar';
$string['backfill_begun'] = 'Se están comunicando las finalizaciones anteriores. Continúa por sí solo; esta página muestra el avance.';
$string['backfill_nocourses'] = 'Ningún curso expide todavía microcredenciales. Actívelo en la navegación del curso: Más > Ajustes de microcredenciales.';
$string['backfill_underway'] = 'En curso: {$a->done} de {$a->all}';
$string['bridgeurl'] = 'Dirección del puente';
$string['bridgeurl_desc'] = 'Dónde está su instalación de Laurel, por ejemplo <code>https://laurel.example.org</code>. Si está en una red privada o en un puerto distinto del 443, permítala también en Administración del sitio > General > Seguridad > Seguridad HTTP.';
$string['bridgeurl_insecure'] = 'Allí se envían nombres y direcciones de correo: use https. El http simple solo se admite para esta máquina y las redes privadas.';
$string['bridgeurl_invalid'] = 'Esto no es una dirección web. Empieza por https:// y no lleva nombre de usuario, consulta ni fragmento.';
$string['cachedef_catalogue'] = 'Las ofertas del catálogo de Laurel';
$string['cannotopen'] = 'Su microcredencial no se puede abrir en este momento. Inténtelo más tarde.';
$string['cataloguefailed'] = 'No se puede leer el catálogo. {$a}';
$string['change_completionrestored'] = 'Completado después de todo';
$string['change_completionwithdrawn'] = 'Finalización retirada';
$string['change_gradechanged'] = 'Calificación rebajada o cambiada';
$string['change_learnercorrected'] = 'Nombre o identificador corregido';
$string['change_learnerdeleted'] = 'Estudiante eliminado';
$string['change_learnerunenrolled'] = 'Estudiante dado de baja';
$string['checkclock'] = 'Laurel: reloj de este servidor';
$string['checkdeliveries'] = 'Laurel: entregas al puente';
$string['claim'] = 'Obtener mi microcredencial';
$string['claimed'] = 'Gracias. Su microcredencial se está preparando; recibirá un mensaje cuando esté lista.';
$string['claimed_withdrawn'] = 'Esto ya no cuenta como finalizado, así que no hay microcredencial que obtener.';
$string['clock_ahead'] = 'adelantado';
$string['clock_behind'] = 'atrasado';
$string['clock_off'] = 'El reloj de este servidor va {$a->direction} {$a->seconds} segundos respecto al del puente. A partir de 300 segundos el puente no acepta firmas. Sincronícelo (NTP).';
$string['clock_right'] = 'El reloj de este servidor coincide con el del puente.';
$string['completed'] = 'Completado';
$string['completedon'] = 'Completado el {$a}';
$string['consent'] = 'Consentimiento del estudiante';
$string['consent_atonce'] = 'Expedir enseguida';
$string['consent_claim'] = 'El estudiante la solicita antes';
$string['consent_help'] = 'Si el estudiante la solicita antes, recibe un mensaje y un botón en la página del curso; nada sobre él sale de Moodle antes de que lo pulse.';
$string['corrections'] = 'Cambios desde entonces';
$string['count'] = 'Número';
$string['counts'] = '{$a->delivered} entregadas, {$a->waiting} en espera, {$a->attention} requieren atención, {$a->unclaimed} aún sin solicitar.';
$string['courses'] = 'Cursos';
$string['courses_desc'] = 'Qué cursos expiden microcredenciales, para los que no lo dicen por sí mismos (cada curso tiene su página: Más > Ajustes de microcredenciales): un curso por línea, por su <em>número de ID</em>. Si es también el identificador de la oferta en el catálogo, basta; si no, escriba <code>número = oferta</code>. Una línea <code>*</code> incluye todo curso cuyo número tenga la forma de un identificador de oferta: minúsculas, cifras y guiones. Solo se envían las finalizaciones desde ahora. Tras <code>#</code> va un comentario.';
$string['courses_invalid'] = 'Esta línea no se puede leer: {$a}. El identificador de una oferta tiene minúsculas, cifras y guiones.';
$string['coursesettings'] = 'Ajustes de microcredenciales';
$string['deliveries'] = 'Entregas';
$string['effect_inflight'] = 'aún sin decidir';
$string['effect_nothing'] = 'sin consecuencias';
$string['effect_reissue'] = 'se expedirá de nuevo';
$string['effect_review'] = 'en revisión';
$string['effect_suspension'] = 'suspendida hasta su revisión';
$string['enabled'] = 'Microcredenciales';
$string['enabled_help'] = 'Quien alcance esto desde ahora recibe una microcredencial. Quien lo alcanzó antes queda como está, salvo que un administrador comunique las finalizaciones anteriores.';
$string['enabled_label'] = 'Este curso expide microcredenciales';
$string['esifield'] = 'Campo de perfil con el identificador europeo de estudiante';
$string['esifield_desc'] = 'El nombre corto de un campo de perfil, si este sitio guarda esos identificadores (<code>urn:schac:personalUniqueCode:int:esi:…</code>). Si no, déjelo vacío.';
$string['failure_address'] = '{$a->url} respondió {$a->status}, pero no como un puente de Laurel. Compruebe la dirección del puente en los ajustes. Dijo: {$a->reason}';
$string['failure_blocked'] = 'La seguridad HTTP de Moodle no deja salir peticiones a {$a->url}, o no se puede resolver el nombre {$a->host}. En Administración del sitio > General > Seguridad > Seguridad HTTP, el puerto {$a->port} debe estar en la lista de puertos cURL permitidos (curlsecurityallowedport), y {$a->host} y su dirección no deben estar en la lista de hosts cURL bloqueados (curlsecurityblockedhosts).';
$string['failure_broken'] = 'El puente falló con esta entrega ({$a->status}). Dijo: {$a->reason}';
$string['failure_busy'] = 'El puente está ocupado o ausente ({$a->status}). Dijo: {$a->reason}';
$string['failure_clock'] = 'El reloj de este servidor va {$a->direction} {$a->seconds} segundos respecto al del puente, que indicó {$a->servertime}; por eso el puente no se fía de la firma. Sincronice el reloj (NTP).';
$string['failure_conflict'] = 'El puente ya tiene esta finalización con otro contenido, y conserva lo que tiene. Ocurre cuando la base de datos de este sitio se restauró o se copió de otro. Dijo: {$a->reason}';
$string['failure_gone'] = 'No se envió nada: {$a->reason}';
$string['failure_redirect'] = '{$a->url} redirige a «{$a->location}» ({$a->status}). No se siguen redirecciones, porque la entrega se perdería por el camino. Ponga la dirección real del puente.';
$string['failure_rejected'] = 'El puente no puede aceptar esta entrega ({$a->status}): {$a->reason}';
$string['failure_unauthorised'] = 'El puente no acepta la firma de esta plataforma ({$a->status}). Compruebe el identificador y el secreto en los ajustes, y que la plataforma esté activada en el puente. Dijo: {$a->reason}';
$string['failure_unprepared'] = 'No se pudo preparar la entrega: {$a->reason}';
$string['failure_unreachable'] = 'No se puede llegar a {$a->url}. {$a->reason}';
$string['gone_course'] = 'el curso se eliminó antes del primer intento.';
$string['gone_learner'] = 'el estudiante se eliminó antes del primer intento.';
$string['gone_offering'] = 'los ajustes del curso no llevan a ninguna oferta. Corríjalos en Ajustes de microcredenciales y vuelva a intentarlo.';
$string['issuing_since'] = 'Este curso expide microcredenciales desde el {$a->since}.';
$string['issuing_since_missing'] = 'Este curso expide microcredenciales desde el {$a->since}. {$a->missing} finalizaciones anteriores no se han comunicado.';
$string['laurel:configurecourse'] = 'Decir si un curso expide microcredenciales, y cuáles';
$string['laurel:managedeliveries'] = 'Ver lo que no ha llegado al puente de Laurel, y volver a intentarlo';
$string['laurel:retry'] = 'Volver a intentar lo que de un curso no ha llegado al puente de Laurel';
$string['laurel:viewreport'] = 'Ver quién de un curso tiene qué microcredencial';
$string['message_issued'] = 'Ha obtenido una microcredencial por «{$a->course}». Ábrala y consérvela: {$a->url}';
$string['message_issued_subject'] = 'Su microcredencial por «{$a->course}»';
$string['message_refused'] = 'No hay microcredencial por «{$a->course}». {$a->reason} Vea {$a->url}';
$string['message_refused_subject'] = 'Sin microcredencial por «{$a->course}»';
$string['message_revoked'] = 'Su microcredencial por «{$a->course}» fue retirada. Pregunte a su profesor. Vea {$a->url}';
$string['message_revoked_subject'] = 'Su microcredencial por «{$a->course}» fue retirada';
$string['message_suspended'] = 'Su microcredencial por «{$a->course}» está suspendida hasta su revisión. Pregunte a su profesor. Vea {$a->url}';
$string['message_suspended_subject'] = 'Su microcredencial por «{$a->course}» está suspendida';
$string['message_unclaimed'] = 'Ha completado «{$a->course}» y puede tener una microcredencial. Solicítela aquí: {$a->url}';
$string['message_unclaimed_subject'] = 'Puede tener una microcredencial por «{$a->course}»';
$string['messageprovider:outcome'] = 'Qué fue de su microcredencial';
$string['mine'] = 'Mis microcredenciales';
$string['mine_coming'] = 'Su microcredencial se está preparando.';
$string['mine_delayed'] = 'Su microcredencial se retrasa. Quienes cuidan este sitio ven por qué.';
$string['mine_issued'] = 'Ha obtenido una microcredencial.';
$string['mine_none'] = 'Aún no tiene microcredenciales.';
$string['mine_refused'] = 'No hay microcredencial por esto.';
$string['mine_revoked'] = 'Su microcredencial fue retirada.';
$string['mine_suspended'] = 'Su microcredencial está suspendida: no vale hasta que alguien la revise.';
$string['mine_unclaimed'] = 'Ha completado esto y puede tener una microcredencial.';
$string['noactivity'] = 'Aquí no hay ninguna actividad cuya finalización se siga.';
$string['nocompetency'] = 'Este curso no tiene competencias.';
$string['nocompletion'] = 'El seguimiento de finalización está desactivado en este curso: actívelo en la configuración del curso.';
$string['nocriteria'] = 'Este curso no tiene criterios de finalización: defínalos en Finalización del curso.';
$string['notconfigured'] = 'Falta la dirección del puente, el identificador de plataforma o el secreto: no se envía nada.';
$string['notshown'] = 'Otras {$a} no se muestran.';
$string['nottold'] = 'Sin comunicar';
$string['nottried'] = 'Aún sin intentar';
$string['offering'] = 'Oferta';
$string['offering_id'] = 'Identificador de la oferta';
$string['offering_missing'] = 'Esto no es el identificador de una oferta: {$a}. Tiene minúsculas, cifras y guiones.';
$string['offering_none'] = 'Ninguna oferta elegida';
$string['offering_search'] = 'Buscar en el catálogo';
$string['offering_unlisted'] = '{$a} (no está en el catálogo)';
$string['open'] = 'Abrir mi microcredencial';
$string['optedin'] = 'Activado';
$string['platform'] = 'Identificador de plataforma';
$string['platform_desc'] = 'El identificador con el que este sitio se registró en el puente.';
$string['pluginname'] = 'Microcredenciales Laurel';
$string['privacy:metadata:bridge'] = 'Las finalizaciones de los cursos activados se envían a la instalación de Laurel de la organización, que expide la microcredencial.';
$string['privacy:metadata:bridge:circumstances'] = 'El intento y un enlace a él, una finalización anterior, lo que un profesor fijó a mano, y cómo se supervisó la evaluación.';
$string['privacy:metadata:bridge:corrections'] = 'Que tras el envío se rebajó la calificación, se retiró la finalización, se dio de baja o eliminó al estudiante, o se corrigió un nombre.';
$string['privacy:metadata:bridge:course'] = 'El identificador, los nombres y el número de ID del curso.';
$string['privacy:metadata:bridge:email'] = 'La dirección de correo del estudiante.';
$string['privacy:metadata:bridge:esi'] = 'El identificador europeo de estudiante, si este sitio lo guarda.';
$string['privacy:metadata:bridge:firstname'] = 'El nombre del estudiante.';
$string['privacy:metadata:bridge:fullname'] = 'El nombre del estudiante tal como lo muestra este sitio.';
$string['privacy:metadata:bridge:grade'] = 'La calificación del curso con su escala, y si aprueba.';
$string['privacy:metadata:bridge:id'] = 'El identificador del estudiante en este sitio.';
$string['privacy:metadata:bridge:idnumber'] = 'El número de ID del estudiante.';
$string['privacy:metadata:bridge:language'] = 'El idioma preferido del estudiante.';
$string['privacy:metadata:bridge:lastname'] = 'El apellido del estudiante.';
$string['privacy:metadata:bridge:timecompleted'] = 'Cuándo se completó el curso.';
$string['privacy:metadata:outbox'] = 'Finalizaciones que enviar al puente de Laurel, y lo que se envió.';
$string['privacy:metadata:outbox:award'] = 'El identificador de la microcredencial.';
$string['privacy:metadata:outbox:completion'] = 'El identificador que el puente dio a la finalización.';
$string['privacy:metadata:outbox:courseid'] = 'El curso completado.';
$string['privacy:metadata:outbox:episode'] = 'De qué finalización se trata.';
$string['privacy:metadata:outbox:facts'] = 'Lo que respondió el puente cuando no aceptó la entrega.';
$string['privacy:metadata:outbox:failure'] = 'Por qué falló el último intento.';
$string['privacy:metadata:outbox:notified'] = 'Lo último que se comunicó al estudiante.';
$string['privacy:metadata:outbox:offering'] = 'La oferta del catálogo a la que corresponde el curso.';
$string['privacy:metadata:outbox:outcome'] = 'Qué fue de ella.';
$string['privacy:metadata:outbox:outcomedetail'] = 'Por qué no hay microcredencial, en palabras del puente.';
$string['privacy:metadata:outbox:outcomereason'] = 'Por qué no hay microcredencial.';
$string['privacy:metadata:outbox:payload'] = 'Lo que se envía: nombres, correo, número de ID e idioma del estudiante, el curso, la calificación y la fecha.';
$string['privacy:metadata:outbox:snapshot'] = 'Nombres, correo, número de ID e idioma del estudiante, y el curso, al completarlo: se comunican si se eliminan antes del primer intento.';
$string['privacy:metadata:outbox:state'] = 'Si ha llegado.';
$string['privacy:metadata:outbox:timeclaimed'] = 'Cuándo solicitó el estudiante la microcredencial.';
$string['privacy:metadata:outbox:timecompleted'] = 'Cuándo se completó el curso.';
$string['privacy:metadata:outbox:told'] = 'Los nombres y la calificación tal como se comunicaron por última vez.';
$string['privacy:metadata:outbox:userid'] = 'El estudiante.';
$string['pushes'] = 'Recibir los resultados cuando el puente los comunica';
$string['pushes_desc'] = 'Los estudiantes ven entonces en segundos qué ha sido de una finalización, en lugar de en la siguiente consulta. Quien gestiona Laurel indica la dirección: <code>laurel platforms notify {$a->platform} {$a->address}</code>. Solo se cree lo que lleva la firma de esta plataforma. Las consultas continúan.';
$string['reason'] = 'Motivo';
$string['reason_assessmentfailed'] = 'No se superó la evaluación.';
$string['reason_elementmissing'] = 'A la oferta le falta algo que una microcredencial debe indicar.';
$string['reason_learnererased'] = 'Sus datos se borraron allí.';
$string['reason_offeringnotopen'] = 'Se completó fuera de las fechas en que la oferta está abierta.';
$string['reason_offeringretired'] = 'La oferta ya se había retirado.';
$string['reason_offeringunknown'] = 'La oferta no se conoce.';
$string['reason_platformnotallowed'] = 'Este sitio no puede conceder esta oferta.';
$string['report'] = 'Microcredenciales';
$string['retry'] = 'Reintentar';
$string['retryall'] = 'Reintentar todo';
$string['retrying'] = 'Se vuelve a intentar en menos de un minuto.';
$string['retrypicked'] = 'Reintentar lo marcado';
$string['secret'] = 'Secreto';
$string['secret_desc'] = 'El secreto que mostró el puente al registrar este sitio, o al darle uno nuevo. Empieza por <code>whsec_</code>. Las entregas se firman con él. Aquí no vuelve a mostrarse.';
$string['secret_invalid'] = 'Esto no es un secreto del puente: empieza por whsec_ y sigue con al menos 32 caracteres.';
$string['secret_none'] = 'No hay ningún secreto.';
$string['secret_set'] = 'Hay un secreto. Déjelo vacío para conservarlo.';
$string['secret_two'] = 'Hay un secreto. El anterior sigue firmando dos días, para que no se pierda nada mientras el puente cambia. Déjelo vacío para conservarlo.';
$string['settings_about'] = 'La dirección, el identificador de plataforma y el secreto los da quien gestiona su instalación de Laurel. Una vez guardados, <a href="{$a}">envíe un evento de prueba</a>.';
$string['settingspage'] = 'Ajustes de Laurel';
$string['source'] = 'Qué oferta';
$string['source_field'] = 'Un campo personalizado del curso la indica';
$string['source_idnumber'] = 'El número de ID del curso es su identificador ({$a})';
$string['source_offering'] = 'Elegirla del catálogo';
$string['source_site'] = 'Como dice la lista del sitio ({$a})';
$string['stage_coming'] = 'En camino';
$string['stage_delayed'] = 'Retrasada';
$string['stage_issued'] = 'Obtenida';
$string['stage_refused'] = 'Ninguna';
$string['stage_revoked'] = 'Retirada';
$string['stage_suspended'] = 'Suspendida';
$string['stage_unclaimed'] = 'Por solicitar';
$string['state'] = 'Estado';
$string['state_attention'] = 'Requiere atención';
$string['state_delivered'] = 'Entregada';
$string['state_unclaimed'] = 'Aún sin solicitar';
$string['state_waiting'] = 'En espera';
$string['supervisionfield'] = 'Campo de curso con la supervisión';
$string['supervisionfield_desc'] = 'El nombre corto de un campo de curso que dice cómo se supervisa la evaluación: <code>supid</code>, <code>supnoid</code>, <code>nosupid</code> o <code>nosupnoid</code> (con o sin supervisión, identidad verificada o no). Si no, déjelo vacío.';
$string['taskdeliver'] = 'Enviar las finalizaciones al puente de Laurel';
$string['taskreconcile'] = 'Buscar finalizaciones omitidas';
$string['test'] = 'Enviar un evento de prueba';
$string['test_about'] = 'Envía al puente la finalización de nadie, firmada como una verdadera. El puente la lee y no guarda nada.';
$string['test_allowed'] = 'Este sitio puede conceder la oferta «{$a}».';
$string['test_cure'] = 'Abrir estos ajustes';
$string['test_known'] = 'La oferta «{$a}» está en el catálogo.';
$string['test_notallowed'] = 'Este sitio no puede conceder la oferta «{$a}».';
$string['test_notwell'] = 'Una finalización no llegaría a ser microcredencial.';
$string['test_reached'] = 'Se puede llegar al puente.';
$string['test_read'] = 'El puente puede leer lo que envía este sitio.';
$string['test_recognised'] = 'La firma es correcta: el puente conoce este sitio como «{$a->platform}» de «{$a->organisation}».';
$string['test_send'] = 'Enviar un evento de prueba';
$string['test_unknown'] = 'La oferta «{$a}» no está en el catálogo: las finalizaciones esperan a que se publique.';
$string['test_well'] = 'Todo bien: una finalización llegaría. Después, en un curso: Más > Ajustes de microcredenciales.';
$string['test_wouldissue'] = 'El emisor expediría una microcredencial.';
$string['test_wouldnotissue'] = 'El emisor no expediría una microcredencial: {$a}';
$string['told'] = 'Comunicadas';
$string['trigger'] = 'Por qué se expide';
$string['trigger_activity'] = 'Se completa una actividad';
$string['trigger_competency'] = 'Se demuestra una competencia';
$string['trigger_course'] = 'Se completa el curso';
$string['triedagain'] = '{$a} Se vuelve a intentar automáticamente.';
$string['undelivered'] = 'Lo que no ha llegado';
$string['what'] = 'Qué';
