/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import { protobuf as $protobuf } from "../wire-runtime.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["default"] || ($protobuf.roots["default"] = {});

export const sotto = $root.sotto = (() => {

    /**
     * Namespace sotto.
     * @exports sotto
     * @namespace
     */
    const sotto = {};

    sotto.v1 = (function() {

        /**
         * Namespace v1.
         * @memberof sotto
         * @namespace
         */
        const v1 = {};

        v1.ClientFrame = (function() {

            /**
             * Properties of a ClientFrame.
             * @typedef {Object} sotto.v1.ClientFrame.$Properties
             * @property {sotto.v1.Send.$Properties|null} [send] ClientFrame send
             * @property {sotto.v1.Acks.$Properties|null} [acks] ClientFrame acks
             * @property {sotto.v1.Nack.$Properties|null} [nack] ClientFrame nack
             * @property {sotto.v1.Link.$Properties|null} [link] ClientFrame link
             * @property {"send"|"acks"|"nack"|"link"} [frame] ClientFrame frame
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a ClientFrame.
             * @memberof sotto.v1
             * @interface IClientFrame
             * @augments sotto.v1.ClientFrame.$Properties
             * @deprecated Use sotto.v1.ClientFrame.$Properties instead.
             */

            /**
             * Narrowed shape of a ClientFrame.
             * @typedef {{
             *   send?: sotto.v1.Send.$Shape|null;
             *   acks?: sotto.v1.Acks.$Shape|null;
             *   nack?: sotto.v1.Nack.$Shape|null;
             *   link?: sotto.v1.Link.$Shape|null;
             *   $unknowns?: Array.<Uint8Array>;
             * } & (
             *   ({ frame?: undefined; send?: null; acks?: null; nack?: null; link?: null }|{ frame?: "send"; send: sotto.v1.Send.$Shape; acks?: null; nack?: null; link?: null }|{ frame?: "acks"; send?: null; acks: sotto.v1.Acks.$Shape; nack?: null; link?: null }|{ frame?: "nack"; send?: null; acks?: null; nack: sotto.v1.Nack.$Shape; link?: null }|{ frame?: "link"; send?: null; acks?: null; nack?: null; link: sotto.v1.Link.$Shape })
             * )} sotto.v1.ClientFrame.$Shape
             */

            /**
             * Constructs a new ClientFrame.
             * @memberof sotto.v1
             * @classdesc Represents a ClientFrame.
             * @constructor
             * @param {sotto.v1.ClientFrame.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ClientFrame = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ClientFrame send.
             * @member {sotto.v1.Send.$Properties|null|undefined} send
             * @memberof sotto.v1.ClientFrame
             * @instance
             */
            ClientFrame.prototype.send = null;

            /**
             * ClientFrame acks.
             * @member {sotto.v1.Acks.$Properties|null|undefined} acks
             * @memberof sotto.v1.ClientFrame
             * @instance
             */
            ClientFrame.prototype.acks = null;

            /**
             * ClientFrame nack.
             * @member {sotto.v1.Nack.$Properties|null|undefined} nack
             * @memberof sotto.v1.ClientFrame
             * @instance
             */
            ClientFrame.prototype.nack = null;

            /**
             * ClientFrame link.
             * @member {sotto.v1.Link.$Properties|null|undefined} link
             * @memberof sotto.v1.ClientFrame
             * @instance
             */
            ClientFrame.prototype.link = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            /**
             * ClientFrame frame.
             * @member {"send"|"acks"|"nack"|"link"|undefined} frame
             * @memberof sotto.v1.ClientFrame
             * @instance
             */
            $Object.defineProperty(ClientFrame.prototype, "frame", {
                get: $util.oneOfGetter($oneOfFields = ["send", "acks", "nack", "link"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified ClientFrame message. Does not implicitly {@link sotto.v1.ClientFrame.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.ClientFrame
             * @static
             * @param {sotto.v1.ClientFrame.$Properties} message ClientFrame message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ClientFrame.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.send != null && $Object.hasOwnProperty.call(message, "send"))
                    $root.sotto.v1.Send.encode(message.send, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.acks != null && $Object.hasOwnProperty.call(message, "acks"))
                    $root.sotto.v1.Acks.encode(message.acks, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.nack != null && $Object.hasOwnProperty.call(message, "nack"))
                    $root.sotto.v1.Nack.encode(message.nack, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.link != null && $Object.hasOwnProperty.call(message, "link"))
                    $root.sotto.v1.Link.encode(message.link, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a ClientFrame message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.ClientFrame
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.ClientFrame & sotto.v1.ClientFrame.$Shape} ClientFrame
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ClientFrame.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.ClientFrame();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.send = $root.sotto.v1.Send.decode(reader, reader.size(), $undefined, _depth + 1, message.send);
                            message.frame = "send";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.acks = $root.sotto.v1.Acks.decode(reader, reader.size(), $undefined, _depth + 1, message.acks);
                            message.frame = "acks";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.nack = $root.sotto.v1.Nack.decode(reader, reader.size(), $undefined, _depth + 1, message.nack);
                            message.frame = "nack";
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.link = $root.sotto.v1.Link.decode(reader, reader.size(), $undefined, _depth + 1, message.link);
                            message.frame = "link";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ClientFrame;
        })();

        v1.ServerFrame = (function() {

            /**
             * Properties of a ServerFrame.
             * @typedef {Object} sotto.v1.ServerFrame.$Properties
             * @property {sotto.v1.Ready.$Properties|null} [ready] ServerFrame ready
             * @property {sotto.v1.Deliveries.$Properties|null} [deliveries] ServerFrame deliveries
             * @property {sotto.v1.QueueEmpty.$Properties|null} [queueEmpty] ServerFrame queueEmpty
             * @property {sotto.v1.SendAnswer.$Properties|null} [answer] ServerFrame answer
             * @property {sotto.v1.AckRefused.$Properties|null} [ackRefused] ServerFrame ackRefused
             * @property {sotto.v1.Notice.$Properties|null} [notice] ServerFrame notice
             * @property {sotto.v1.Gap.$Properties|null} [gap] ServerFrame gap
             * @property {sotto.v1.Envelope.$Properties|null} [ephemeral] ServerFrame ephemeral
             * @property {sotto.v1.Link.$Properties|null} [link] ServerFrame link
             * @property {sotto.v1.Problem.$Properties|null} [problem] ServerFrame problem
             * @property {"ready"|"deliveries"|"queueEmpty"|"answer"|"ackRefused"|"notice"|"gap"|"ephemeral"|"link"|"problem"} [frame] ServerFrame frame
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a ServerFrame.
             * @memberof sotto.v1
             * @interface IServerFrame
             * @augments sotto.v1.ServerFrame.$Properties
             * @deprecated Use sotto.v1.ServerFrame.$Properties instead.
             */

            /**
             * Narrowed shape of a ServerFrame.
             * @typedef {{
             *   ready?: sotto.v1.Ready.$Shape|null;
             *   deliveries?: sotto.v1.Deliveries.$Shape|null;
             *   queueEmpty?: sotto.v1.QueueEmpty.$Shape|null;
             *   answer?: sotto.v1.SendAnswer.$Shape|null;
             *   ackRefused?: sotto.v1.AckRefused.$Shape|null;
             *   notice?: sotto.v1.Notice.$Shape|null;
             *   gap?: sotto.v1.Gap.$Shape|null;
             *   ephemeral?: sotto.v1.Envelope.$Shape|null;
             *   link?: sotto.v1.Link.$Shape|null;
             *   problem?: sotto.v1.Problem.$Shape|null;
             *   $unknowns?: Array.<Uint8Array>;
             * } & (
             *   ({ frame?: undefined; ready?: null; deliveries?: null; queueEmpty?: null; answer?: null; ackRefused?: null; notice?: null; gap?: null; ephemeral?: null; link?: null; problem?: null }|{ frame?: "ready"; ready: sotto.v1.Ready.$Shape; deliveries?: null; queueEmpty?: null; answer?: null; ackRefused?: null; notice?: null; gap?: null; ephemeral?: null; link?: null; problem?: null }|{ frame?: "deliveries"; ready?: null; deliveries: sotto.v1.Deliveries.$Shape; queueEmpty?: null; answer?: null; ackRefused?: null; notice?: null; gap?: null; ephemeral?: null; link?: null; problem?: null }|{ frame?: "queueEmpty"; ready?: null; deliveries?: null; queueEmpty: sotto.v1.QueueEmpty.$Shape; answer?: null; ackRefused?: null; notice?: null; gap?: null; ephemeral?: null; link?: null; problem?: null }|{ frame?: "answer"; ready?: null; deliveries?: null; queueEmpty?: null; answer: sotto.v1.SendAnswer.$Shape; ackRefused?: null; notice?: null; gap?: null; ephemeral?: null; link?: null; problem?: null }|{ frame?: "ackRefused"; ready?: null; deliveries?: null; queueEmpty?: null; answer?: null; ackRefused: sotto.v1.AckRefused.$Shape; notice?: null; gap?: null; ephemeral?: null; link?: null; problem?: null }|{ frame?: "notice"; ready?: null; deliveries?: null; queueEmpty?: null; answer?: null; ackRefused?: null; notice: sotto.v1.Notice.$Shape; gap?: null; ephemeral?: null; link?: null; problem?: null }|{ frame?: "gap"; ready?: null; deliveries?: null; queueEmpty?: null; answer?: null; ackRefused?: null; notice?: null; gap: sotto.v1.Gap.$Shape; ephemeral?: null; link?: null; problem?: null }|{ frame?: "ephemeral"; ready?: null; deliveries?: null; queueEmpty?: null; answer?: null; ackRefused?: null; notice?: null; gap?: null; ephemeral: sotto.v1.Envelope.$Shape; link?: null; problem?: null }|{ frame?: "link"; ready?: null; deliveries?: null; queueEmpty?: null; answer?: null; ackRefused?: null; notice?: null; gap?: null; ephemeral?: null; link: sotto.v1.Link.$Shape; problem?: null }|{ frame?: "problem"; ready?: null; deliveries?: null; queueEmpty?: null; answer?: null; ackRefused?: null; notice?: null; gap?: null; ephemeral?: null; link?: null; problem: sotto.v1.Problem.$Shape })
             * )} sotto.v1.ServerFrame.$Shape
             */

            /**
             * Constructs a new ServerFrame.
             * @memberof sotto.v1
             * @classdesc Represents a ServerFrame.
             * @constructor
             * @param {sotto.v1.ServerFrame.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ServerFrame = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ServerFrame ready.
             * @member {sotto.v1.Ready.$Properties|null|undefined} ready
             * @memberof sotto.v1.ServerFrame
             * @instance
             */
            ServerFrame.prototype.ready = null;

            /**
             * ServerFrame deliveries.
             * @member {sotto.v1.Deliveries.$Properties|null|undefined} deliveries
             * @memberof sotto.v1.ServerFrame
             * @instance
             */
            ServerFrame.prototype.deliveries = null;

            /**
             * ServerFrame queueEmpty.
             * @member {sotto.v1.QueueEmpty.$Properties|null|undefined} queueEmpty
             * @memberof sotto.v1.ServerFrame
             * @instance
             */
            ServerFrame.prototype.queueEmpty = null;

            /**
             * ServerFrame answer.
             * @member {sotto.v1.SendAnswer.$Properties|null|undefined} answer
             * @memberof sotto.v1.ServerFrame
             * @instance
             */
            ServerFrame.prototype.answer = null;

            /**
             * ServerFrame ackRefused.
             * @member {sotto.v1.AckRefused.$Properties|null|undefined} ackRefused
             * @memberof sotto.v1.ServerFrame
             * @instance
             */
            ServerFrame.prototype.ackRefused = null;

            /**
             * ServerFrame notice.
             * @member {sotto.v1.Notice.$Properties|null|undefined} notice
             * @memberof sotto.v1.ServerFrame
             * @instance
             */
            ServerFrame.prototype.notice = null;

            /**
             * ServerFrame gap.
             * @member {sotto.v1.Gap.$Properties|null|undefined} gap
             * @memberof sotto.v1.ServerFrame
             * @instance
             */
            ServerFrame.prototype.gap = null;

            /**
             * ServerFrame ephemeral.
             * @member {sotto.v1.Envelope.$Properties|null|undefined} ephemeral
             * @memberof sotto.v1.ServerFrame
             * @instance
             */
            ServerFrame.prototype.ephemeral = null;

            /**
             * ServerFrame link.
             * @member {sotto.v1.Link.$Properties|null|undefined} link
             * @memberof sotto.v1.ServerFrame
             * @instance
             */
            ServerFrame.prototype.link = null;

            /**
             * ServerFrame problem.
             * @member {sotto.v1.Problem.$Properties|null|undefined} problem
             * @memberof sotto.v1.ServerFrame
             * @instance
             */
            ServerFrame.prototype.problem = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            /**
             * ServerFrame frame.
             * @member {"ready"|"deliveries"|"queueEmpty"|"answer"|"ackRefused"|"notice"|"gap"|"ephemeral"|"link"|"problem"|undefined} frame
             * @memberof sotto.v1.ServerFrame
             * @instance
             */
            $Object.defineProperty(ServerFrame.prototype, "frame", {
                get: $util.oneOfGetter($oneOfFields = ["ready", "deliveries", "queueEmpty", "answer", "ackRefused", "notice", "gap", "ephemeral", "link", "problem"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified ServerFrame message. Does not implicitly {@link sotto.v1.ServerFrame.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.ServerFrame
             * @static
             * @param {sotto.v1.ServerFrame.$Properties} message ServerFrame message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ServerFrame.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.ready != null && $Object.hasOwnProperty.call(message, "ready"))
                    $root.sotto.v1.Ready.encode(message.ready, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.deliveries != null && $Object.hasOwnProperty.call(message, "deliveries"))
                    $root.sotto.v1.Deliveries.encode(message.deliveries, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.queueEmpty != null && $Object.hasOwnProperty.call(message, "queueEmpty"))
                    $root.sotto.v1.QueueEmpty.encode(message.queueEmpty, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.answer != null && $Object.hasOwnProperty.call(message, "answer"))
                    $root.sotto.v1.SendAnswer.encode(message.answer, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.ackRefused != null && $Object.hasOwnProperty.call(message, "ackRefused"))
                    $root.sotto.v1.AckRefused.encode(message.ackRefused, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.notice != null && $Object.hasOwnProperty.call(message, "notice"))
                    $root.sotto.v1.Notice.encode(message.notice, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.gap != null && $Object.hasOwnProperty.call(message, "gap"))
                    $root.sotto.v1.Gap.encode(message.gap, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.ephemeral != null && $Object.hasOwnProperty.call(message, "ephemeral"))
                    $root.sotto.v1.Envelope.encode(message.ephemeral, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
                if (message.link != null && $Object.hasOwnProperty.call(message, "link"))
                    $root.sotto.v1.Link.encode(message.link, writer.uint32(/* id 10, wireType 2 =*/82).fork(), _depth + 1).ldelim();
                if (message.problem != null && $Object.hasOwnProperty.call(message, "problem"))
                    $root.sotto.v1.Problem.encode(message.problem, writer.uint32(/* id 11, wireType 2 =*/90).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a ServerFrame message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.ServerFrame
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.ServerFrame & sotto.v1.ServerFrame.$Shape} ServerFrame
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ServerFrame.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.ServerFrame();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.ready = $root.sotto.v1.Ready.decode(reader, reader.size(), $undefined, _depth + 1, message.ready);
                            message.frame = "ready";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.deliveries = $root.sotto.v1.Deliveries.decode(reader, reader.size(), $undefined, _depth + 1, message.deliveries);
                            message.frame = "deliveries";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.queueEmpty = $root.sotto.v1.QueueEmpty.decode(reader, reader.size(), $undefined, _depth + 1, message.queueEmpty);
                            message.frame = "queueEmpty";
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.answer = $root.sotto.v1.SendAnswer.decode(reader, reader.size(), $undefined, _depth + 1, message.answer);
                            message.frame = "answer";
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.ackRefused = $root.sotto.v1.AckRefused.decode(reader, reader.size(), $undefined, _depth + 1, message.ackRefused);
                            message.frame = "ackRefused";
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.notice = $root.sotto.v1.Notice.decode(reader, reader.size(), $undefined, _depth + 1, message.notice);
                            message.frame = "notice";
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.gap = $root.sotto.v1.Gap.decode(reader, reader.size(), $undefined, _depth + 1, message.gap);
                            message.frame = "gap";
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.ephemeral = $root.sotto.v1.Envelope.decode(reader, reader.size(), $undefined, _depth + 1, message.ephemeral);
                            message.frame = "ephemeral";
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            message.link = $root.sotto.v1.Link.decode(reader, reader.size(), $undefined, _depth + 1, message.link);
                            message.frame = "link";
                            continue;
                        }
                    case 11: {
                            if (wireType !== 2)
                                break;
                            message.problem = $root.sotto.v1.Problem.decode(reader, reader.size(), $undefined, _depth + 1, message.problem);
                            message.frame = "problem";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ServerFrame;
        })();

        v1.Ready = (function() {

            /**
             * Properties of a Ready.
             * @typedef {Object} sotto.v1.Ready.$Properties
             * @property {Uint8Array|null} [incarnation] Ready incarnation
             * @property {number|null} [serverTime] Ready serverTime
             * @property {number|null} [head] Ready head
             * @property {sotto.v1.PrekeyStock.$Properties|null} [stock] Ready stock
             * @property {number|null} [listVersion] Ready listVersion
             * @property {number|null} [maxUnacked] Ready maxUnacked
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Ready.
             * @memberof sotto.v1
             * @interface IReady
             * @augments sotto.v1.Ready.$Properties
             * @deprecated Use sotto.v1.Ready.$Properties instead.
             */

            /**
             * Shape of a Ready.
             * @typedef {sotto.v1.Ready.$Properties} sotto.v1.Ready.$Shape
             */

            /**
             * Constructs a new Ready.
             * @memberof sotto.v1
             * @classdesc Represents a Ready.
             * @constructor
             * @param {sotto.v1.Ready.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Ready = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Ready incarnation.
             * @member {Uint8Array} incarnation
             * @memberof sotto.v1.Ready
             * @instance
             */
            Ready.prototype.incarnation = $util.newBuffer([]);

            /**
             * Ready serverTime.
             * @member {number} serverTime
             * @memberof sotto.v1.Ready
             * @instance
             */
            Ready.prototype.serverTime = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Ready head.
             * @member {number} head
             * @memberof sotto.v1.Ready
             * @instance
             */
            Ready.prototype.head = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Ready stock.
             * @member {sotto.v1.PrekeyStock.$Properties|null|undefined} stock
             * @memberof sotto.v1.Ready
             * @instance
             */
            Ready.prototype.stock = null;

            /**
             * Ready listVersion.
             * @member {number} listVersion
             * @memberof sotto.v1.Ready
             * @instance
             */
            Ready.prototype.listVersion = 0;

            /**
             * Ready maxUnacked.
             * @member {number} maxUnacked
             * @memberof sotto.v1.Ready
             * @instance
             */
            Ready.prototype.maxUnacked = 0;

            /**
             * Encodes the specified Ready message. Does not implicitly {@link sotto.v1.Ready.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.Ready
             * @static
             * @param {sotto.v1.Ready.$Properties} message Ready message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Ready.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.incarnation != null && $Object.hasOwnProperty.call(message, "incarnation") && message.incarnation.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.incarnation);
                if (message.serverTime != null && $Object.hasOwnProperty.call(message, "serverTime") && (typeof message.serverTime === "object" ? message.serverTime.low || message.serverTime.high : message.serverTime !== 0))
                    writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.serverTime);
                if (message.head != null && $Object.hasOwnProperty.call(message, "head") && (typeof message.head === "object" ? message.head.low || message.head.high : message.head !== 0))
                    writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.head);
                if (message.stock != null && $Object.hasOwnProperty.call(message, "stock"))
                    $root.sotto.v1.PrekeyStock.encode(message.stock, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.listVersion != null && $Object.hasOwnProperty.call(message, "listVersion") && message.listVersion !== 0)
                    writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.listVersion);
                if (message.maxUnacked != null && $Object.hasOwnProperty.call(message, "maxUnacked") && message.maxUnacked !== 0)
                    writer.uint32(/* id 6, wireType 0 =*/48).uint32(message.maxUnacked);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Ready message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.Ready
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.Ready & sotto.v1.Ready.$Shape} Ready
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Ready.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.Ready();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.incarnation = value;
                            else
                                delete message.incarnation;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.serverTime = value;
                            else
                                delete message.serverTime;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.head = value;
                            else
                                delete message.head;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.stock = $root.sotto.v1.PrekeyStock.decode(reader, reader.size(), $undefined, _depth + 1, message.stock);
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.listVersion = value;
                            else
                                delete message.listVersion;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.maxUnacked = value;
                            else
                                delete message.maxUnacked;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Ready;
        })();

        v1.PrekeyStock = (function() {

            /**
             * Properties of a PrekeyStock.
             * @typedef {Object} sotto.v1.PrekeyStock.$Properties
             * @property {number|null} [oneTime] PrekeyStock oneTime
             * @property {number|null} [kyber] PrekeyStock kyber
             * @property {boolean|null} [low] PrekeyStock low
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a PrekeyStock.
             * @memberof sotto.v1
             * @interface IPrekeyStock
             * @augments sotto.v1.PrekeyStock.$Properties
             * @deprecated Use sotto.v1.PrekeyStock.$Properties instead.
             */

            /**
             * Shape of a PrekeyStock.
             * @typedef {sotto.v1.PrekeyStock.$Properties} sotto.v1.PrekeyStock.$Shape
             */

            /**
             * Constructs a new PrekeyStock.
             * @memberof sotto.v1
             * @classdesc Represents a PrekeyStock.
             * @constructor
             * @param {sotto.v1.PrekeyStock.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const PrekeyStock = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * PrekeyStock oneTime.
             * @member {number} oneTime
             * @memberof sotto.v1.PrekeyStock
             * @instance
             */
            PrekeyStock.prototype.oneTime = 0;

            /**
             * PrekeyStock kyber.
             * @member {number} kyber
             * @memberof sotto.v1.PrekeyStock
             * @instance
             */
            PrekeyStock.prototype.kyber = 0;

            /**
             * PrekeyStock low.
             * @member {boolean} low
             * @memberof sotto.v1.PrekeyStock
             * @instance
             */
            PrekeyStock.prototype.low = false;

            /**
             * Encodes the specified PrekeyStock message. Does not implicitly {@link sotto.v1.PrekeyStock.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.PrekeyStock
             * @static
             * @param {sotto.v1.PrekeyStock.$Properties} message PrekeyStock message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            PrekeyStock.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.oneTime != null && $Object.hasOwnProperty.call(message, "oneTime") && message.oneTime !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.oneTime);
                if (message.kyber != null && $Object.hasOwnProperty.call(message, "kyber") && message.kyber !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.kyber);
                if (message.low != null && $Object.hasOwnProperty.call(message, "low") && message.low !== false)
                    writer.uint32(/* id 3, wireType 0 =*/24).bool(message.low);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a PrekeyStock message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.PrekeyStock
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.PrekeyStock & sotto.v1.PrekeyStock.$Shape} PrekeyStock
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            PrekeyStock.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.PrekeyStock();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.oneTime = value;
                            else
                                delete message.oneTime;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.kyber = value;
                            else
                                delete message.kyber;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.low = value;
                            else
                                delete message.low;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return PrekeyStock;
        })();

        /**
         * DeliveryClass enum.
         * @name sotto.v1.DeliveryClass
         * @enum {number}
         * @property {number} DURABLE=0 DURABLE value
         * @property {number} EPHEMERAL=1 EPHEMERAL value
         */
        v1.DeliveryClass = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "DURABLE"] = 0;
            values[valuesById[1] = "EPHEMERAL"] = 1;
            return values;
        })();

        /**
         * Coverage enum.
         * @name sotto.v1.Coverage
         * @enum {number}
         * @property {number} COMPLETE=0 COMPLETE value
         * @property {number} SELECTED=1 SELECTED value
         */
        v1.Coverage = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "COMPLETE"] = 0;
            values[valuesById[1] = "SELECTED"] = 1;
            return values;
        })();

        /**
         * EnvelopeKind enum.
         * @name sotto.v1.EnvelopeKind
         * @enum {number}
         * @property {number} KIND_UNSPECIFIED=0 KIND_UNSPECIFIED value
         * @property {number} PREKEY=1 PREKEY value
         * @property {number} MESSAGE=2 MESSAGE value
         * @property {number} PLAINTEXT=3 PLAINTEXT value
         */
        v1.EnvelopeKind = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "KIND_UNSPECIFIED"] = 0;
            values[valuesById[1] = "PREKEY"] = 1;
            values[valuesById[2] = "MESSAGE"] = 2;
            values[valuesById[3] = "PLAINTEXT"] = 3;
            return values;
        })();

        v1.Send = (function() {

            /**
             * Properties of a Send.
             * @typedef {Object} sotto.v1.Send.$Properties
             * @property {number|null} [id] Send id
             * @property {sotto.v1.SendRequest.$Properties|null} [request] Send request
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Send.
             * @memberof sotto.v1
             * @interface ISend
             * @augments sotto.v1.Send.$Properties
             * @deprecated Use sotto.v1.Send.$Properties instead.
             */

            /**
             * Shape of a Send.
             * @typedef {sotto.v1.Send.$Properties} sotto.v1.Send.$Shape
             */

            /**
             * Constructs a new Send.
             * @memberof sotto.v1
             * @classdesc Represents a Send.
             * @constructor
             * @param {sotto.v1.Send.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Send = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Send id.
             * @member {number} id
             * @memberof sotto.v1.Send
             * @instance
             */
            Send.prototype.id = 0;

            /**
             * Send request.
             * @member {sotto.v1.SendRequest.$Properties|null|undefined} request
             * @memberof sotto.v1.Send
             * @instance
             */
            Send.prototype.request = null;

            /**
             * Encodes the specified Send message. Does not implicitly {@link sotto.v1.Send.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.Send
             * @static
             * @param {sotto.v1.Send.$Properties} message Send message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Send.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.id);
                if (message.request != null && $Object.hasOwnProperty.call(message, "request"))
                    $root.sotto.v1.SendRequest.encode(message.request, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Send message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.Send
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.Send & sotto.v1.Send.$Shape} Send
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Send.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.Send();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.request = $root.sotto.v1.SendRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.request);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Send;
        })();

        v1.SendRequest = (function() {

            /**
             * Properties of a SendRequest.
             * @typedef {Object} sotto.v1.SendRequest.$Properties
             * @property {Uint8Array|null} [idempotencyKey] SendRequest idempotencyKey
             * @property {sotto.v1.DeliveryClass|null} ["class"] SendRequest class
             * @property {boolean|null} [urgent] SendRequest urgent
             * @property {boolean|null} [bundles] SendRequest bundles
             * @property {number|null} [clientTimestamp] SendRequest clientTimestamp
             * @property {Array.<sotto.v1.Recipient.$Properties>|null} [recipients] SendRequest recipients
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SendRequest.
             * @memberof sotto.v1
             * @interface ISendRequest
             * @augments sotto.v1.SendRequest.$Properties
             * @deprecated Use sotto.v1.SendRequest.$Properties instead.
             */

            /**
             * Shape of a SendRequest.
             * @typedef {sotto.v1.SendRequest.$Properties} sotto.v1.SendRequest.$Shape
             */

            /**
             * Constructs a new SendRequest.
             * @memberof sotto.v1
             * @classdesc Represents a SendRequest.
             * @constructor
             * @param {sotto.v1.SendRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SendRequest = function (properties) {
                this.recipients = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SendRequest idempotencyKey.
             * @member {Uint8Array} idempotencyKey
             * @memberof sotto.v1.SendRequest
             * @instance
             */
            SendRequest.prototype.idempotencyKey = $util.newBuffer([]);

            /**
             * SendRequest class.
             * @member {sotto.v1.DeliveryClass} class
             * @memberof sotto.v1.SendRequest
             * @instance
             */
            SendRequest.prototype["class"] = 0;

            /**
             * SendRequest urgent.
             * @member {boolean} urgent
             * @memberof sotto.v1.SendRequest
             * @instance
             */
            SendRequest.prototype.urgent = false;

            /**
             * SendRequest bundles.
             * @member {boolean} bundles
             * @memberof sotto.v1.SendRequest
             * @instance
             */
            SendRequest.prototype.bundles = false;

            /**
             * SendRequest clientTimestamp.
             * @member {number} clientTimestamp
             * @memberof sotto.v1.SendRequest
             * @instance
             */
            SendRequest.prototype.clientTimestamp = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * SendRequest recipients.
             * @member {Array.<sotto.v1.Recipient.$Properties>} recipients
             * @memberof sotto.v1.SendRequest
             * @instance
             */
            SendRequest.prototype.recipients = $util.emptyArray;

            /**
             * Encodes the specified SendRequest message. Does not implicitly {@link sotto.v1.SendRequest.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.SendRequest
             * @static
             * @param {sotto.v1.SendRequest.$Properties} message SendRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SendRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.idempotencyKey != null && $Object.hasOwnProperty.call(message, "idempotencyKey") && message.idempotencyKey.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.idempotencyKey);
                if (message["class"] != null && $Object.hasOwnProperty.call(message, "class") && message["class"] !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).int32(message["class"]);
                if (message.urgent != null && $Object.hasOwnProperty.call(message, "urgent") && message.urgent !== false)
                    writer.uint32(/* id 3, wireType 0 =*/24).bool(message.urgent);
                if (message.bundles != null && $Object.hasOwnProperty.call(message, "bundles") && message.bundles !== false)
                    writer.uint32(/* id 4, wireType 0 =*/32).bool(message.bundles);
                if (message.clientTimestamp != null && $Object.hasOwnProperty.call(message, "clientTimestamp") && (typeof message.clientTimestamp === "object" ? message.clientTimestamp.low || message.clientTimestamp.high : message.clientTimestamp !== 0))
                    writer.uint32(/* id 5, wireType 0 =*/40).uint64(message.clientTimestamp);
                if (message.recipients != null && message.recipients.length)
                    for (let i = 0; i < message.recipients.length; ++i)
                        $root.sotto.v1.Recipient.encode(message.recipients[i], writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a SendRequest message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.SendRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.SendRequest & sotto.v1.SendRequest.$Shape} SendRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SendRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.SendRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.idempotencyKey = value;
                            else
                                delete message.idempotencyKey;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message["class"] = value;
                            else
                                delete message["class"];
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.urgent = value;
                            else
                                delete message.urgent;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.bundles = value;
                            else
                                delete message.bundles;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.clientTimestamp = value;
                            else
                                delete message.clientTimestamp;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if (!(message.recipients && message.recipients.length))
                                message.recipients = [];
                            message.recipients.push($root.sotto.v1.Recipient.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return SendRequest;
        })();

        v1.Recipient = (function() {

            /**
             * Properties of a Recipient.
             * @typedef {Object} sotto.v1.Recipient.$Properties
             * @property {Uint8Array|null} [accountId] Recipient accountId
             * @property {number|null} [listVersion] Recipient listVersion
             * @property {sotto.v1.Coverage|null} [coverage] Recipient coverage
             * @property {Array.<sotto.v1.OutgoingEnvelope.$Properties>|null} [envelopes] Recipient envelopes
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Recipient.
             * @memberof sotto.v1
             * @interface IRecipient
             * @augments sotto.v1.Recipient.$Properties
             * @deprecated Use sotto.v1.Recipient.$Properties instead.
             */

            /**
             * Shape of a Recipient.
             * @typedef {sotto.v1.Recipient.$Properties} sotto.v1.Recipient.$Shape
             */

            /**
             * Constructs a new Recipient.
             * @memberof sotto.v1
             * @classdesc Represents a Recipient.
             * @constructor
             * @param {sotto.v1.Recipient.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Recipient = function (properties) {
                this.envelopes = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Recipient accountId.
             * @member {Uint8Array} accountId
             * @memberof sotto.v1.Recipient
             * @instance
             */
            Recipient.prototype.accountId = $util.newBuffer([]);

            /**
             * Recipient listVersion.
             * @member {number} listVersion
             * @memberof sotto.v1.Recipient
             * @instance
             */
            Recipient.prototype.listVersion = 0;

            /**
             * Recipient coverage.
             * @member {sotto.v1.Coverage} coverage
             * @memberof sotto.v1.Recipient
             * @instance
             */
            Recipient.prototype.coverage = 0;

            /**
             * Recipient envelopes.
             * @member {Array.<sotto.v1.OutgoingEnvelope.$Properties>} envelopes
             * @memberof sotto.v1.Recipient
             * @instance
             */
            Recipient.prototype.envelopes = $util.emptyArray;

            /**
             * Encodes the specified Recipient message. Does not implicitly {@link sotto.v1.Recipient.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.Recipient
             * @static
             * @param {sotto.v1.Recipient.$Properties} message Recipient message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Recipient.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.accountId != null && $Object.hasOwnProperty.call(message, "accountId") && message.accountId.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.accountId);
                if (message.listVersion != null && $Object.hasOwnProperty.call(message, "listVersion") && message.listVersion !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.listVersion);
                if (message.coverage != null && $Object.hasOwnProperty.call(message, "coverage") && message.coverage !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).int32(message.coverage);
                if (message.envelopes != null && message.envelopes.length)
                    for (let i = 0; i < message.envelopes.length; ++i)
                        $root.sotto.v1.OutgoingEnvelope.encode(message.envelopes[i], writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Recipient message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.Recipient
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.Recipient & sotto.v1.Recipient.$Shape} Recipient
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Recipient.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.Recipient();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.accountId = value;
                            else
                                delete message.accountId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.listVersion = value;
                            else
                                delete message.listVersion;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.coverage = value;
                            else
                                delete message.coverage;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if (!(message.envelopes && message.envelopes.length))
                                message.envelopes = [];
                            message.envelopes.push($root.sotto.v1.OutgoingEnvelope.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Recipient;
        })();

        v1.OutgoingEnvelope = (function() {

            /**
             * Properties of an OutgoingEnvelope.
             * @typedef {Object} sotto.v1.OutgoingEnvelope.$Properties
             * @property {Uint8Array|null} [deviceId] OutgoingEnvelope deviceId
             * @property {number|null} [registrationId] OutgoingEnvelope registrationId
             * @property {sotto.v1.EnvelopeKind|null} [kind] OutgoingEnvelope kind
             * @property {boolean|null} [control] OutgoingEnvelope control
             * @property {Uint8Array|null} [content] OutgoingEnvelope content
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an OutgoingEnvelope.
             * @memberof sotto.v1
             * @interface IOutgoingEnvelope
             * @augments sotto.v1.OutgoingEnvelope.$Properties
             * @deprecated Use sotto.v1.OutgoingEnvelope.$Properties instead.
             */

            /**
             * Shape of an OutgoingEnvelope.
             * @typedef {sotto.v1.OutgoingEnvelope.$Properties} sotto.v1.OutgoingEnvelope.$Shape
             */

            /**
             * Constructs a new OutgoingEnvelope.
             * @memberof sotto.v1
             * @classdesc Represents an OutgoingEnvelope.
             * @constructor
             * @param {sotto.v1.OutgoingEnvelope.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const OutgoingEnvelope = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * OutgoingEnvelope deviceId.
             * @member {Uint8Array} deviceId
             * @memberof sotto.v1.OutgoingEnvelope
             * @instance
             */
            OutgoingEnvelope.prototype.deviceId = $util.newBuffer([]);

            /**
             * OutgoingEnvelope registrationId.
             * @member {number} registrationId
             * @memberof sotto.v1.OutgoingEnvelope
             * @instance
             */
            OutgoingEnvelope.prototype.registrationId = 0;

            /**
             * OutgoingEnvelope kind.
             * @member {sotto.v1.EnvelopeKind} kind
             * @memberof sotto.v1.OutgoingEnvelope
             * @instance
             */
            OutgoingEnvelope.prototype.kind = 0;

            /**
             * OutgoingEnvelope control.
             * @member {boolean} control
             * @memberof sotto.v1.OutgoingEnvelope
             * @instance
             */
            OutgoingEnvelope.prototype.control = false;

            /**
             * OutgoingEnvelope content.
             * @member {Uint8Array} content
             * @memberof sotto.v1.OutgoingEnvelope
             * @instance
             */
            OutgoingEnvelope.prototype.content = $util.newBuffer([]);

            /**
             * Encodes the specified OutgoingEnvelope message. Does not implicitly {@link sotto.v1.OutgoingEnvelope.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.OutgoingEnvelope
             * @static
             * @param {sotto.v1.OutgoingEnvelope.$Properties} message OutgoingEnvelope message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            OutgoingEnvelope.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.deviceId != null && $Object.hasOwnProperty.call(message, "deviceId") && message.deviceId.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.deviceId);
                if (message.registrationId != null && $Object.hasOwnProperty.call(message, "registrationId") && message.registrationId !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.registrationId);
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).int32(message.kind);
                if (message.control != null && $Object.hasOwnProperty.call(message, "control") && message.control !== false)
                    writer.uint32(/* id 4, wireType 0 =*/32).bool(message.control);
                if (message.content != null && $Object.hasOwnProperty.call(message, "content") && message.content.length)
                    writer.uint32(/* id 5, wireType 2 =*/42).bytes(message.content);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an OutgoingEnvelope message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.OutgoingEnvelope
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.OutgoingEnvelope & sotto.v1.OutgoingEnvelope.$Shape} OutgoingEnvelope
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            OutgoingEnvelope.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.OutgoingEnvelope();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.deviceId = value;
                            else
                                delete message.deviceId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.registrationId = value;
                            else
                                delete message.registrationId;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.kind = value;
                            else
                                delete message.kind;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.control = value;
                            else
                                delete message.control;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.content = value;
                            else
                                delete message.content;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return OutgoingEnvelope;
        })();

        v1.SendAnswer = (function() {

            /**
             * Properties of a SendAnswer.
             * @typedef {Object} sotto.v1.SendAnswer.$Properties
             * @property {number|null} [id] SendAnswer id
             * @property {sotto.v1.Accepted.$Properties|null} [accepted] SendAnswer accepted
             * @property {sotto.v1.Mismatch.$Properties|null} [mismatch] SendAnswer mismatch
             * @property {sotto.v1.Problem.$Properties|null} [problem] SendAnswer problem
             * @property {"accepted"|"mismatch"|"problem"} [outcome] SendAnswer outcome
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SendAnswer.
             * @memberof sotto.v1
             * @interface ISendAnswer
             * @augments sotto.v1.SendAnswer.$Properties
             * @deprecated Use sotto.v1.SendAnswer.$Properties instead.
             */

            /**
             * Narrowed shape of a SendAnswer.
             * @typedef {{
             *   id?: number|null;
             *   accepted?: sotto.v1.Accepted.$Shape|null;
             *   mismatch?: sotto.v1.Mismatch.$Shape|null;
             *   problem?: sotto.v1.Problem.$Shape|null;
             *   $unknowns?: Array.<Uint8Array>;
             * } & (
             *   ({ outcome?: undefined; accepted?: null; mismatch?: null; problem?: null }|{ outcome?: "accepted"; accepted: sotto.v1.Accepted.$Shape; mismatch?: null; problem?: null }|{ outcome?: "mismatch"; accepted?: null; mismatch: sotto.v1.Mismatch.$Shape; problem?: null }|{ outcome?: "problem"; accepted?: null; mismatch?: null; problem: sotto.v1.Problem.$Shape })
             * )} sotto.v1.SendAnswer.$Shape
             */

            /**
             * Constructs a new SendAnswer.
             * @memberof sotto.v1
             * @classdesc Represents a SendAnswer.
             * @constructor
             * @param {sotto.v1.SendAnswer.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SendAnswer = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SendAnswer id.
             * @member {number} id
             * @memberof sotto.v1.SendAnswer
             * @instance
             */
            SendAnswer.prototype.id = 0;

            /**
             * SendAnswer accepted.
             * @member {sotto.v1.Accepted.$Properties|null|undefined} accepted
             * @memberof sotto.v1.SendAnswer
             * @instance
             */
            SendAnswer.prototype.accepted = null;

            /**
             * SendAnswer mismatch.
             * @member {sotto.v1.Mismatch.$Properties|null|undefined} mismatch
             * @memberof sotto.v1.SendAnswer
             * @instance
             */
            SendAnswer.prototype.mismatch = null;

            /**
             * SendAnswer problem.
             * @member {sotto.v1.Problem.$Properties|null|undefined} problem
             * @memberof sotto.v1.SendAnswer
             * @instance
             */
            SendAnswer.prototype.problem = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            /**
             * SendAnswer outcome.
             * @member {"accepted"|"mismatch"|"problem"|undefined} outcome
             * @memberof sotto.v1.SendAnswer
             * @instance
             */
            $Object.defineProperty(SendAnswer.prototype, "outcome", {
                get: $util.oneOfGetter($oneOfFields = ["accepted", "mismatch", "problem"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified SendAnswer message. Does not implicitly {@link sotto.v1.SendAnswer.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.SendAnswer
             * @static
             * @param {sotto.v1.SendAnswer.$Properties} message SendAnswer message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SendAnswer.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.id);
                if (message.accepted != null && $Object.hasOwnProperty.call(message, "accepted"))
                    $root.sotto.v1.Accepted.encode(message.accepted, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.mismatch != null && $Object.hasOwnProperty.call(message, "mismatch"))
                    $root.sotto.v1.Mismatch.encode(message.mismatch, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.problem != null && $Object.hasOwnProperty.call(message, "problem"))
                    $root.sotto.v1.Problem.encode(message.problem, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a SendAnswer message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.SendAnswer
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.SendAnswer & sotto.v1.SendAnswer.$Shape} SendAnswer
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SendAnswer.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.SendAnswer();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.accepted = $root.sotto.v1.Accepted.decode(reader, reader.size(), $undefined, _depth + 1, message.accepted);
                            message.outcome = "accepted";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.mismatch = $root.sotto.v1.Mismatch.decode(reader, reader.size(), $undefined, _depth + 1, message.mismatch);
                            message.outcome = "mismatch";
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.problem = $root.sotto.v1.Problem.decode(reader, reader.size(), $undefined, _depth + 1, message.problem);
                            message.outcome = "problem";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return SendAnswer;
        })();

        v1.Accepted = (function() {

            /**
             * Properties of an Accepted.
             * @typedef {Object} sotto.v1.Accepted.$Properties
             * @property {number|null} [acceptedAt] Accepted acceptedAt
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Accepted.
             * @memberof sotto.v1
             * @interface IAccepted
             * @augments sotto.v1.Accepted.$Properties
             * @deprecated Use sotto.v1.Accepted.$Properties instead.
             */

            /**
             * Shape of an Accepted.
             * @typedef {sotto.v1.Accepted.$Properties} sotto.v1.Accepted.$Shape
             */

            /**
             * Constructs a new Accepted.
             * @memberof sotto.v1
             * @classdesc Represents an Accepted.
             * @constructor
             * @param {sotto.v1.Accepted.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Accepted = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Accepted acceptedAt.
             * @member {number} acceptedAt
             * @memberof sotto.v1.Accepted
             * @instance
             */
            Accepted.prototype.acceptedAt = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Encodes the specified Accepted message. Does not implicitly {@link sotto.v1.Accepted.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.Accepted
             * @static
             * @param {sotto.v1.Accepted.$Properties} message Accepted message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Accepted.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.acceptedAt != null && $Object.hasOwnProperty.call(message, "acceptedAt") && (typeof message.acceptedAt === "object" ? message.acceptedAt.low || message.acceptedAt.high : message.acceptedAt !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.acceptedAt);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Accepted message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.Accepted
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.Accepted & sotto.v1.Accepted.$Shape} Accepted
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Accepted.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.Accepted();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.acceptedAt = value;
                            else
                                delete message.acceptedAt;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Accepted;
        })();

        v1.Mismatch = (function() {

            /**
             * Properties of a Mismatch.
             * @typedef {Object} sotto.v1.Mismatch.$Properties
             * @property {Array.<sotto.v1.MismatchedAccount.$Properties>|null} [mismatched] Mismatch mismatched
             * @property {Array.<Uint8Array>|null} [unknown] Mismatch unknown
             * @property {Array.<Uint8Array>|null} [closed] Mismatch closed
             * @property {Array.<sotto.v1.PrekeyBundles.$Properties>|null} [bundles] Mismatch bundles
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Mismatch.
             * @memberof sotto.v1
             * @interface IMismatch
             * @augments sotto.v1.Mismatch.$Properties
             * @deprecated Use sotto.v1.Mismatch.$Properties instead.
             */

            /**
             * Shape of a Mismatch.
             * @typedef {sotto.v1.Mismatch.$Properties} sotto.v1.Mismatch.$Shape
             */

            /**
             * Constructs a new Mismatch.
             * @memberof sotto.v1
             * @classdesc Represents a Mismatch.
             * @constructor
             * @param {sotto.v1.Mismatch.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Mismatch = function (properties) {
                this.mismatched = [];
                this.unknown = [];
                this.closed = [];
                this.bundles = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Mismatch mismatched.
             * @member {Array.<sotto.v1.MismatchedAccount.$Properties>} mismatched
             * @memberof sotto.v1.Mismatch
             * @instance
             */
            Mismatch.prototype.mismatched = $util.emptyArray;

            /**
             * Mismatch unknown.
             * @member {Array.<Uint8Array>} unknown
             * @memberof sotto.v1.Mismatch
             * @instance
             */
            Mismatch.prototype.unknown = $util.emptyArray;

            /**
             * Mismatch closed.
             * @member {Array.<Uint8Array>} closed
             * @memberof sotto.v1.Mismatch
             * @instance
             */
            Mismatch.prototype.closed = $util.emptyArray;

            /**
             * Mismatch bundles.
             * @member {Array.<sotto.v1.PrekeyBundles.$Properties>} bundles
             * @memberof sotto.v1.Mismatch
             * @instance
             */
            Mismatch.prototype.bundles = $util.emptyArray;

            /**
             * Encodes the specified Mismatch message. Does not implicitly {@link sotto.v1.Mismatch.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.Mismatch
             * @static
             * @param {sotto.v1.Mismatch.$Properties} message Mismatch message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Mismatch.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.mismatched != null && message.mismatched.length)
                    for (let i = 0; i < message.mismatched.length; ++i)
                        $root.sotto.v1.MismatchedAccount.encode(message.mismatched[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.unknown != null && message.unknown.length)
                    for (let i = 0; i < message.unknown.length; ++i)
                        writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.unknown[i]);
                if (message.closed != null && message.closed.length)
                    for (let i = 0; i < message.closed.length; ++i)
                        writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.closed[i]);
                if (message.bundles != null && message.bundles.length)
                    for (let i = 0; i < message.bundles.length; ++i)
                        $root.sotto.v1.PrekeyBundles.encode(message.bundles[i], writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Mismatch message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.Mismatch
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.Mismatch & sotto.v1.Mismatch.$Shape} Mismatch
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Mismatch.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.Mismatch();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.mismatched && message.mismatched.length))
                                message.mismatched = [];
                            message.mismatched.push($root.sotto.v1.MismatchedAccount.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.unknown && message.unknown.length))
                                message.unknown = [];
                            message.unknown.push(reader.bytes());
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.closed && message.closed.length))
                                message.closed = [];
                            message.closed.push(reader.bytes());
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if (!(message.bundles && message.bundles.length))
                                message.bundles = [];
                            message.bundles.push($root.sotto.v1.PrekeyBundles.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Mismatch;
        })();

        v1.MismatchedAccount = (function() {

            /**
             * Properties of a MismatchedAccount.
             * @typedef {Object} sotto.v1.MismatchedAccount.$Properties
             * @property {Uint8Array|null} [accountId] MismatchedAccount accountId
             * @property {number|null} [listVersion] MismatchedAccount listVersion
             * @property {Array.<Uint8Array>|null} [missing] MismatchedAccount missing
             * @property {Array.<Uint8Array>|null} [extra] MismatchedAccount extra
             * @property {Array.<Uint8Array>|null} [stale] MismatchedAccount stale
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a MismatchedAccount.
             * @memberof sotto.v1
             * @interface IMismatchedAccount
             * @augments sotto.v1.MismatchedAccount.$Properties
             * @deprecated Use sotto.v1.MismatchedAccount.$Properties instead.
             */

            /**
             * Shape of a MismatchedAccount.
             * @typedef {sotto.v1.MismatchedAccount.$Properties} sotto.v1.MismatchedAccount.$Shape
             */

            /**
             * Constructs a new MismatchedAccount.
             * @memberof sotto.v1
             * @classdesc Represents a MismatchedAccount.
             * @constructor
             * @param {sotto.v1.MismatchedAccount.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const MismatchedAccount = function (properties) {
                this.missing = [];
                this.extra = [];
                this.stale = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * MismatchedAccount accountId.
             * @member {Uint8Array} accountId
             * @memberof sotto.v1.MismatchedAccount
             * @instance
             */
            MismatchedAccount.prototype.accountId = $util.newBuffer([]);

            /**
             * MismatchedAccount listVersion.
             * @member {number} listVersion
             * @memberof sotto.v1.MismatchedAccount
             * @instance
             */
            MismatchedAccount.prototype.listVersion = 0;

            /**
             * MismatchedAccount missing.
             * @member {Array.<Uint8Array>} missing
             * @memberof sotto.v1.MismatchedAccount
             * @instance
             */
            MismatchedAccount.prototype.missing = $util.emptyArray;

            /**
             * MismatchedAccount extra.
             * @member {Array.<Uint8Array>} extra
             * @memberof sotto.v1.MismatchedAccount
             * @instance
             */
            MismatchedAccount.prototype.extra = $util.emptyArray;

            /**
             * MismatchedAccount stale.
             * @member {Array.<Uint8Array>} stale
             * @memberof sotto.v1.MismatchedAccount
             * @instance
             */
            MismatchedAccount.prototype.stale = $util.emptyArray;

            /**
             * Encodes the specified MismatchedAccount message. Does not implicitly {@link sotto.v1.MismatchedAccount.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.MismatchedAccount
             * @static
             * @param {sotto.v1.MismatchedAccount.$Properties} message MismatchedAccount message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            MismatchedAccount.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.accountId != null && $Object.hasOwnProperty.call(message, "accountId") && message.accountId.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.accountId);
                if (message.listVersion != null && $Object.hasOwnProperty.call(message, "listVersion") && message.listVersion !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.listVersion);
                if (message.missing != null && message.missing.length)
                    for (let i = 0; i < message.missing.length; ++i)
                        writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.missing[i]);
                if (message.extra != null && message.extra.length)
                    for (let i = 0; i < message.extra.length; ++i)
                        writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.extra[i]);
                if (message.stale != null && message.stale.length)
                    for (let i = 0; i < message.stale.length; ++i)
                        writer.uint32(/* id 5, wireType 2 =*/42).bytes(message.stale[i]);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a MismatchedAccount message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.MismatchedAccount
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.MismatchedAccount & sotto.v1.MismatchedAccount.$Shape} MismatchedAccount
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            MismatchedAccount.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.MismatchedAccount();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.accountId = value;
                            else
                                delete message.accountId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.listVersion = value;
                            else
                                delete message.listVersion;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.missing && message.missing.length))
                                message.missing = [];
                            message.missing.push(reader.bytes());
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if (!(message.extra && message.extra.length))
                                message.extra = [];
                            message.extra.push(reader.bytes());
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if (!(message.stale && message.stale.length))
                                message.stale = [];
                            message.stale.push(reader.bytes());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return MismatchedAccount;
        })();

        v1.Problem = (function() {

            /**
             * Properties of a Problem.
             * @typedef {Object} sotto.v1.Problem.$Properties
             * @property {string|null} [code] Problem code
             * @property {string|null} [detail] Problem detail
             * @property {number|null} [retryAfterMs] Problem retryAfterMs
             * @property {number|null} [serverTime] Problem serverTime
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Problem.
             * @memberof sotto.v1
             * @interface IProblem
             * @augments sotto.v1.Problem.$Properties
             * @deprecated Use sotto.v1.Problem.$Properties instead.
             */

            /**
             * Shape of a Problem.
             * @typedef {sotto.v1.Problem.$Properties} sotto.v1.Problem.$Shape
             */

            /**
             * Constructs a new Problem.
             * @memberof sotto.v1
             * @classdesc Represents a Problem.
             * @constructor
             * @param {sotto.v1.Problem.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Problem = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Problem code.
             * @member {string} code
             * @memberof sotto.v1.Problem
             * @instance
             */
            Problem.prototype.code = "";

            /**
             * Problem detail.
             * @member {string} detail
             * @memberof sotto.v1.Problem
             * @instance
             */
            Problem.prototype.detail = "";

            /**
             * Problem retryAfterMs.
             * @member {number} retryAfterMs
             * @memberof sotto.v1.Problem
             * @instance
             */
            Problem.prototype.retryAfterMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Problem serverTime.
             * @member {number} serverTime
             * @memberof sotto.v1.Problem
             * @instance
             */
            Problem.prototype.serverTime = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Encodes the specified Problem message. Does not implicitly {@link sotto.v1.Problem.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.Problem
             * @static
             * @param {sotto.v1.Problem.$Properties} message Problem message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Problem.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.code != null && $Object.hasOwnProperty.call(message, "code") && message.code !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.code);
                if (message.detail != null && $Object.hasOwnProperty.call(message, "detail") && message.detail !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.detail);
                if (message.retryAfterMs != null && $Object.hasOwnProperty.call(message, "retryAfterMs") && (typeof message.retryAfterMs === "object" ? message.retryAfterMs.low || message.retryAfterMs.high : message.retryAfterMs !== 0))
                    writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.retryAfterMs);
                if (message.serverTime != null && $Object.hasOwnProperty.call(message, "serverTime") && (typeof message.serverTime === "object" ? message.serverTime.low || message.serverTime.high : message.serverTime !== 0))
                    writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.serverTime);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Problem message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.Problem
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.Problem & sotto.v1.Problem.$Shape} Problem
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Problem.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.Problem();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.code = value;
                            else
                                delete message.code;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.detail = value;
                            else
                                delete message.detail;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.retryAfterMs = value;
                            else
                                delete message.retryAfterMs;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.serverTime = value;
                            else
                                delete message.serverTime;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Problem;
        })();

        v1.Deliveries = (function() {

            /**
             * Properties of a Deliveries.
             * @typedef {Object} sotto.v1.Deliveries.$Properties
             * @property {Array.<sotto.v1.Envelope.$Properties>|null} [envelopes] Deliveries envelopes
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Deliveries.
             * @memberof sotto.v1
             * @interface IDeliveries
             * @augments sotto.v1.Deliveries.$Properties
             * @deprecated Use sotto.v1.Deliveries.$Properties instead.
             */

            /**
             * Shape of a Deliveries.
             * @typedef {sotto.v1.Deliveries.$Properties} sotto.v1.Deliveries.$Shape
             */

            /**
             * Constructs a new Deliveries.
             * @memberof sotto.v1
             * @classdesc Represents a Deliveries.
             * @constructor
             * @param {sotto.v1.Deliveries.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Deliveries = function (properties) {
                this.envelopes = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Deliveries envelopes.
             * @member {Array.<sotto.v1.Envelope.$Properties>} envelopes
             * @memberof sotto.v1.Deliveries
             * @instance
             */
            Deliveries.prototype.envelopes = $util.emptyArray;

            /**
             * Encodes the specified Deliveries message. Does not implicitly {@link sotto.v1.Deliveries.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.Deliveries
             * @static
             * @param {sotto.v1.Deliveries.$Properties} message Deliveries message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Deliveries.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.envelopes != null && message.envelopes.length)
                    for (let i = 0; i < message.envelopes.length; ++i)
                        $root.sotto.v1.Envelope.encode(message.envelopes[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Deliveries message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.Deliveries
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.Deliveries & sotto.v1.Deliveries.$Shape} Deliveries
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Deliveries.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.Deliveries();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.envelopes && message.envelopes.length))
                                message.envelopes = [];
                            message.envelopes.push($root.sotto.v1.Envelope.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Deliveries;
        })();

        v1.Envelope = (function() {

            /**
             * Properties of an Envelope.
             * @typedef {Object} sotto.v1.Envelope.$Properties
             * @property {number|null} [sequence] Envelope sequence
             * @property {Uint8Array|null} [id] Envelope id
             * @property {number|null} [acceptedAt] Envelope acceptedAt
             * @property {number|null} [registrationId] Envelope registrationId
             * @property {sotto.v1.EnvelopeKind|null} [kind] Envelope kind
             * @property {boolean|null} [control] Envelope control
             * @property {Uint8Array|null} [senderAccount] Envelope senderAccount
             * @property {Uint8Array|null} [senderDevice] Envelope senderDevice
             * @property {Uint8Array|null} [content] Envelope content
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Envelope.
             * @memberof sotto.v1
             * @interface IEnvelope
             * @augments sotto.v1.Envelope.$Properties
             * @deprecated Use sotto.v1.Envelope.$Properties instead.
             */

            /**
             * Shape of an Envelope.
             * @typedef {sotto.v1.Envelope.$Properties} sotto.v1.Envelope.$Shape
             */

            /**
             * Constructs a new Envelope.
             * @memberof sotto.v1
             * @classdesc Represents an Envelope.
             * @constructor
             * @param {sotto.v1.Envelope.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Envelope = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Envelope sequence.
             * @member {number} sequence
             * @memberof sotto.v1.Envelope
             * @instance
             */
            Envelope.prototype.sequence = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Envelope id.
             * @member {Uint8Array} id
             * @memberof sotto.v1.Envelope
             * @instance
             */
            Envelope.prototype.id = $util.newBuffer([]);

            /**
             * Envelope acceptedAt.
             * @member {number} acceptedAt
             * @memberof sotto.v1.Envelope
             * @instance
             */
            Envelope.prototype.acceptedAt = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Envelope registrationId.
             * @member {number} registrationId
             * @memberof sotto.v1.Envelope
             * @instance
             */
            Envelope.prototype.registrationId = 0;

            /**
             * Envelope kind.
             * @member {sotto.v1.EnvelopeKind} kind
             * @memberof sotto.v1.Envelope
             * @instance
             */
            Envelope.prototype.kind = 0;

            /**
             * Envelope control.
             * @member {boolean} control
             * @memberof sotto.v1.Envelope
             * @instance
             */
            Envelope.prototype.control = false;

            /**
             * Envelope senderAccount.
             * @member {Uint8Array} senderAccount
             * @memberof sotto.v1.Envelope
             * @instance
             */
            Envelope.prototype.senderAccount = $util.newBuffer([]);

            /**
             * Envelope senderDevice.
             * @member {Uint8Array} senderDevice
             * @memberof sotto.v1.Envelope
             * @instance
             */
            Envelope.prototype.senderDevice = $util.newBuffer([]);

            /**
             * Envelope content.
             * @member {Uint8Array} content
             * @memberof sotto.v1.Envelope
             * @instance
             */
            Envelope.prototype.content = $util.newBuffer([]);

            /**
             * Encodes the specified Envelope message. Does not implicitly {@link sotto.v1.Envelope.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.Envelope
             * @static
             * @param {sotto.v1.Envelope.$Properties} message Envelope message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Envelope.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.sequence != null && $Object.hasOwnProperty.call(message, "sequence") && (typeof message.sequence === "object" ? message.sequence.low || message.sequence.high : message.sequence !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.sequence);
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.id);
                if (message.acceptedAt != null && $Object.hasOwnProperty.call(message, "acceptedAt") && (typeof message.acceptedAt === "object" ? message.acceptedAt.low || message.acceptedAt.high : message.acceptedAt !== 0))
                    writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.acceptedAt);
                if (message.registrationId != null && $Object.hasOwnProperty.call(message, "registrationId") && message.registrationId !== 0)
                    writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.registrationId);
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== 0)
                    writer.uint32(/* id 5, wireType 0 =*/40).int32(message.kind);
                if (message.control != null && $Object.hasOwnProperty.call(message, "control") && message.control !== false)
                    writer.uint32(/* id 6, wireType 0 =*/48).bool(message.control);
                if (message.senderAccount != null && $Object.hasOwnProperty.call(message, "senderAccount") && message.senderAccount.length)
                    writer.uint32(/* id 7, wireType 2 =*/58).bytes(message.senderAccount);
                if (message.senderDevice != null && $Object.hasOwnProperty.call(message, "senderDevice") && message.senderDevice.length)
                    writer.uint32(/* id 8, wireType 2 =*/66).bytes(message.senderDevice);
                if (message.content != null && $Object.hasOwnProperty.call(message, "content") && message.content.length)
                    writer.uint32(/* id 9, wireType 2 =*/74).bytes(message.content);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Envelope message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.Envelope
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.Envelope & sotto.v1.Envelope.$Shape} Envelope
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Envelope.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.Envelope();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.sequence = value;
                            else
                                delete message.sequence;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.acceptedAt = value;
                            else
                                delete message.acceptedAt;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.registrationId = value;
                            else
                                delete message.registrationId;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.kind = value;
                            else
                                delete message.kind;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.control = value;
                            else
                                delete message.control;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.senderAccount = value;
                            else
                                delete message.senderAccount;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.senderDevice = value;
                            else
                                delete message.senderDevice;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.content = value;
                            else
                                delete message.content;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Envelope;
        })();

        v1.QueueEmpty = (function() {

            /**
             * Properties of a QueueEmpty.
             * @typedef {Object} sotto.v1.QueueEmpty.$Properties
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a QueueEmpty.
             * @memberof sotto.v1
             * @interface IQueueEmpty
             * @augments sotto.v1.QueueEmpty.$Properties
             * @deprecated Use sotto.v1.QueueEmpty.$Properties instead.
             */

            /**
             * Shape of a QueueEmpty.
             * @typedef {sotto.v1.QueueEmpty.$Properties} sotto.v1.QueueEmpty.$Shape
             */

            /**
             * Constructs a new QueueEmpty.
             * @memberof sotto.v1
             * @classdesc Represents a QueueEmpty.
             * @constructor
             * @param {sotto.v1.QueueEmpty.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const QueueEmpty = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Encodes the specified QueueEmpty message. Does not implicitly {@link sotto.v1.QueueEmpty.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.QueueEmpty
             * @static
             * @param {sotto.v1.QueueEmpty.$Properties} message QueueEmpty message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            QueueEmpty.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a QueueEmpty message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.QueueEmpty
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.QueueEmpty & sotto.v1.QueueEmpty.$Shape} QueueEmpty
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            QueueEmpty.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.QueueEmpty();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return QueueEmpty;
        })();

        v1.Acks = (function() {

            /**
             * Properties of an Acks.
             * @typedef {Object} sotto.v1.Acks.$Properties
             * @property {Array.<sotto.v1.Ack.$Properties>|null} [acks] Acks acks
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Acks.
             * @memberof sotto.v1
             * @interface IAcks
             * @augments sotto.v1.Acks.$Properties
             * @deprecated Use sotto.v1.Acks.$Properties instead.
             */

            /**
             * Shape of an Acks.
             * @typedef {sotto.v1.Acks.$Properties} sotto.v1.Acks.$Shape
             */

            /**
             * Constructs a new Acks.
             * @memberof sotto.v1
             * @classdesc Represents an Acks.
             * @constructor
             * @param {sotto.v1.Acks.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Acks = function (properties) {
                this.acks = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Acks acks.
             * @member {Array.<sotto.v1.Ack.$Properties>} acks
             * @memberof sotto.v1.Acks
             * @instance
             */
            Acks.prototype.acks = $util.emptyArray;

            /**
             * Encodes the specified Acks message. Does not implicitly {@link sotto.v1.Acks.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.Acks
             * @static
             * @param {sotto.v1.Acks.$Properties} message Acks message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Acks.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.acks != null && message.acks.length)
                    for (let i = 0; i < message.acks.length; ++i)
                        $root.sotto.v1.Ack.encode(message.acks[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Acks message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.Acks
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.Acks & sotto.v1.Acks.$Shape} Acks
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Acks.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.Acks();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.acks && message.acks.length))
                                message.acks = [];
                            message.acks.push($root.sotto.v1.Ack.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Acks;
        })();

        v1.Ack = (function() {

            /**
             * Properties of an Ack.
             * @typedef {Object} sotto.v1.Ack.$Properties
             * @property {number|null} [sequence] Ack sequence
             * @property {Uint8Array|null} [id] Ack id
             * @property {boolean|null} [cumulative] Ack cumulative
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Ack.
             * @memberof sotto.v1
             * @interface IAck
             * @augments sotto.v1.Ack.$Properties
             * @deprecated Use sotto.v1.Ack.$Properties instead.
             */

            /**
             * Shape of an Ack.
             * @typedef {sotto.v1.Ack.$Properties} sotto.v1.Ack.$Shape
             */

            /**
             * Constructs a new Ack.
             * @memberof sotto.v1
             * @classdesc Represents an Ack.
             * @constructor
             * @param {sotto.v1.Ack.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Ack = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Ack sequence.
             * @member {number} sequence
             * @memberof sotto.v1.Ack
             * @instance
             */
            Ack.prototype.sequence = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Ack id.
             * @member {Uint8Array} id
             * @memberof sotto.v1.Ack
             * @instance
             */
            Ack.prototype.id = $util.newBuffer([]);

            /**
             * Ack cumulative.
             * @member {boolean} cumulative
             * @memberof sotto.v1.Ack
             * @instance
             */
            Ack.prototype.cumulative = false;

            /**
             * Encodes the specified Ack message. Does not implicitly {@link sotto.v1.Ack.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.Ack
             * @static
             * @param {sotto.v1.Ack.$Properties} message Ack message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Ack.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.sequence != null && $Object.hasOwnProperty.call(message, "sequence") && (typeof message.sequence === "object" ? message.sequence.low || message.sequence.high : message.sequence !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.sequence);
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.id);
                if (message.cumulative != null && $Object.hasOwnProperty.call(message, "cumulative") && message.cumulative !== false)
                    writer.uint32(/* id 3, wireType 0 =*/24).bool(message.cumulative);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Ack message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.Ack
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.Ack & sotto.v1.Ack.$Shape} Ack
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Ack.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.Ack();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.sequence = value;
                            else
                                delete message.sequence;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.cumulative = value;
                            else
                                delete message.cumulative;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Ack;
        })();

        /**
         * NackReason enum.
         * @name sotto.v1.NackReason
         * @enum {number}
         * @property {number} NACK_UNSPECIFIED=0 NACK_UNSPECIFIED value
         * @property {number} UNDECRYPTABLE=1 UNDECRYPTABLE value
         * @property {number} UNTRUSTED=2 UNTRUSTED value
         * @property {number} INVALID=3 INVALID value
         */
        v1.NackReason = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "NACK_UNSPECIFIED"] = 0;
            values[valuesById[1] = "UNDECRYPTABLE"] = 1;
            values[valuesById[2] = "UNTRUSTED"] = 2;
            values[valuesById[3] = "INVALID"] = 3;
            return values;
        })();

        v1.Nack = (function() {

            /**
             * Properties of a Nack.
             * @typedef {Object} sotto.v1.Nack.$Properties
             * @property {number|null} [sequence] Nack sequence
             * @property {Uint8Array|null} [id] Nack id
             * @property {sotto.v1.NackReason|null} [reason] Nack reason
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Nack.
             * @memberof sotto.v1
             * @interface INack
             * @augments sotto.v1.Nack.$Properties
             * @deprecated Use sotto.v1.Nack.$Properties instead.
             */

            /**
             * Shape of a Nack.
             * @typedef {sotto.v1.Nack.$Properties} sotto.v1.Nack.$Shape
             */

            /**
             * Constructs a new Nack.
             * @memberof sotto.v1
             * @classdesc Represents a Nack.
             * @constructor
             * @param {sotto.v1.Nack.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Nack = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Nack sequence.
             * @member {number} sequence
             * @memberof sotto.v1.Nack
             * @instance
             */
            Nack.prototype.sequence = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Nack id.
             * @member {Uint8Array} id
             * @memberof sotto.v1.Nack
             * @instance
             */
            Nack.prototype.id = $util.newBuffer([]);

            /**
             * Nack reason.
             * @member {sotto.v1.NackReason} reason
             * @memberof sotto.v1.Nack
             * @instance
             */
            Nack.prototype.reason = 0;

            /**
             * Encodes the specified Nack message. Does not implicitly {@link sotto.v1.Nack.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.Nack
             * @static
             * @param {sotto.v1.Nack.$Properties} message Nack message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Nack.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.sequence != null && $Object.hasOwnProperty.call(message, "sequence") && (typeof message.sequence === "object" ? message.sequence.low || message.sequence.high : message.sequence !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.sequence);
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.id);
                if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).int32(message.reason);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Nack message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.Nack
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.Nack & sotto.v1.Nack.$Shape} Nack
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Nack.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.Nack();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.sequence = value;
                            else
                                delete message.sequence;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.reason = value;
                            else
                                delete message.reason;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Nack;
        })();

        /**
         * GapReason enum.
         * @name sotto.v1.GapReason
         * @enum {number}
         * @property {number} GAP_UNSPECIFIED=0 GAP_UNSPECIFIED value
         * @property {number} AGE=1 AGE value
         * @property {number} STOCK=2 STOCK value
         * @property {number} POISON=3 POISON value
         */
        v1.GapReason = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "GAP_UNSPECIFIED"] = 0;
            values[valuesById[1] = "AGE"] = 1;
            values[valuesById[2] = "STOCK"] = 2;
            values[valuesById[3] = "POISON"] = 3;
            return values;
        })();

        v1.Gap = (function() {

            /**
             * Properties of a Gap.
             * @typedef {Object} sotto.v1.Gap.$Properties
             * @property {number|null} [from] Gap from
             * @property {number|null} [to] Gap to
             * @property {Uint8Array|null} [id] Gap id
             * @property {sotto.v1.GapReason|null} [reason] Gap reason
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Gap.
             * @memberof sotto.v1
             * @interface IGap
             * @augments sotto.v1.Gap.$Properties
             * @deprecated Use sotto.v1.Gap.$Properties instead.
             */

            /**
             * Shape of a Gap.
             * @typedef {sotto.v1.Gap.$Properties} sotto.v1.Gap.$Shape
             */

            /**
             * Constructs a new Gap.
             * @memberof sotto.v1
             * @classdesc Represents a Gap.
             * @constructor
             * @param {sotto.v1.Gap.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Gap = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Gap from.
             * @member {number} from
             * @memberof sotto.v1.Gap
             * @instance
             */
            Gap.prototype.from = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Gap to.
             * @member {number} to
             * @memberof sotto.v1.Gap
             * @instance
             */
            Gap.prototype.to = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Gap id.
             * @member {Uint8Array} id
             * @memberof sotto.v1.Gap
             * @instance
             */
            Gap.prototype.id = $util.newBuffer([]);

            /**
             * Gap reason.
             * @member {sotto.v1.GapReason} reason
             * @memberof sotto.v1.Gap
             * @instance
             */
            Gap.prototype.reason = 0;

            /**
             * Encodes the specified Gap message. Does not implicitly {@link sotto.v1.Gap.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.Gap
             * @static
             * @param {sotto.v1.Gap.$Properties} message Gap message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Gap.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.from != null && $Object.hasOwnProperty.call(message, "from") && (typeof message.from === "object" ? message.from.low || message.from.high : message.from !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.from);
                if (message.to != null && $Object.hasOwnProperty.call(message, "to") && (typeof message.to === "object" ? message.to.low || message.to.high : message.to !== 0))
                    writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.to);
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.id);
                if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== 0)
                    writer.uint32(/* id 4, wireType 0 =*/32).int32(message.reason);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Gap message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.Gap
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.Gap & sotto.v1.Gap.$Shape} Gap
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Gap.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.Gap();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.from = value;
                            else
                                delete message.from;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.to = value;
                            else
                                delete message.to;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.reason = value;
                            else
                                delete message.reason;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Gap;
        })();

        v1.AckRefused = (function() {

            /**
             * Properties of an AckRefused.
             * @typedef {Object} sotto.v1.AckRefused.$Properties
             * @property {number|null} [sequence] AckRefused sequence
             * @property {Uint8Array|null} [id] AckRefused id
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an AckRefused.
             * @memberof sotto.v1
             * @interface IAckRefused
             * @augments sotto.v1.AckRefused.$Properties
             * @deprecated Use sotto.v1.AckRefused.$Properties instead.
             */

            /**
             * Shape of an AckRefused.
             * @typedef {sotto.v1.AckRefused.$Properties} sotto.v1.AckRefused.$Shape
             */

            /**
             * Constructs a new AckRefused.
             * @memberof sotto.v1
             * @classdesc Represents an AckRefused.
             * @constructor
             * @param {sotto.v1.AckRefused.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const AckRefused = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * AckRefused sequence.
             * @member {number} sequence
             * @memberof sotto.v1.AckRefused
             * @instance
             */
            AckRefused.prototype.sequence = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * AckRefused id.
             * @member {Uint8Array} id
             * @memberof sotto.v1.AckRefused
             * @instance
             */
            AckRefused.prototype.id = $util.newBuffer([]);

            /**
             * Encodes the specified AckRefused message. Does not implicitly {@link sotto.v1.AckRefused.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.AckRefused
             * @static
             * @param {sotto.v1.AckRefused.$Properties} message AckRefused message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AckRefused.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.sequence != null && $Object.hasOwnProperty.call(message, "sequence") && (typeof message.sequence === "object" ? message.sequence.low || message.sequence.high : message.sequence !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.sequence);
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.id);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an AckRefused message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.AckRefused
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.AckRefused & sotto.v1.AckRefused.$Shape} AckRefused
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AckRefused.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.AckRefused();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.sequence = value;
                            else
                                delete message.sequence;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return AckRefused;
        })();

        v1.Notice = (function() {

            /**
             * Properties of a Notice.
             * @typedef {Object} sotto.v1.Notice.$Properties
             * @property {sotto.v1.PrekeyStock.$Properties|null} [prekeysLow] Notice prekeysLow
             * @property {sotto.v1.DevicesChanged.$Properties|null} [devicesChanged] Notice devicesChanged
             * @property {"prekeysLow"|"devicesChanged"} [notice] Notice notice
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Notice.
             * @memberof sotto.v1
             * @interface INotice
             * @augments sotto.v1.Notice.$Properties
             * @deprecated Use sotto.v1.Notice.$Properties instead.
             */

            /**
             * Narrowed shape of a Notice.
             * @typedef {{
             *   prekeysLow?: sotto.v1.PrekeyStock.$Shape|null;
             *   devicesChanged?: sotto.v1.DevicesChanged.$Shape|null;
             *   $unknowns?: Array.<Uint8Array>;
             * } & (
             *   ({ notice?: undefined; prekeysLow?: null; devicesChanged?: null }|{ notice?: "prekeysLow"; prekeysLow: sotto.v1.PrekeyStock.$Shape; devicesChanged?: null }|{ notice?: "devicesChanged"; prekeysLow?: null; devicesChanged: sotto.v1.DevicesChanged.$Shape })
             * )} sotto.v1.Notice.$Shape
             */

            /**
             * Constructs a new Notice.
             * @memberof sotto.v1
             * @classdesc Represents a Notice.
             * @constructor
             * @param {sotto.v1.Notice.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Notice = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Notice prekeysLow.
             * @member {sotto.v1.PrekeyStock.$Properties|null|undefined} prekeysLow
             * @memberof sotto.v1.Notice
             * @instance
             */
            Notice.prototype.prekeysLow = null;

            /**
             * Notice devicesChanged.
             * @member {sotto.v1.DevicesChanged.$Properties|null|undefined} devicesChanged
             * @memberof sotto.v1.Notice
             * @instance
             */
            Notice.prototype.devicesChanged = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            /**
             * Notice notice.
             * @member {"prekeysLow"|"devicesChanged"|undefined} notice
             * @memberof sotto.v1.Notice
             * @instance
             */
            $Object.defineProperty(Notice.prototype, "notice", {
                get: $util.oneOfGetter($oneOfFields = ["prekeysLow", "devicesChanged"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified Notice message. Does not implicitly {@link sotto.v1.Notice.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.Notice
             * @static
             * @param {sotto.v1.Notice.$Properties} message Notice message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Notice.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.prekeysLow != null && $Object.hasOwnProperty.call(message, "prekeysLow"))
                    $root.sotto.v1.PrekeyStock.encode(message.prekeysLow, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.devicesChanged != null && $Object.hasOwnProperty.call(message, "devicesChanged"))
                    $root.sotto.v1.DevicesChanged.encode(message.devicesChanged, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Notice message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.Notice
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.Notice & sotto.v1.Notice.$Shape} Notice
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Notice.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.Notice();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.prekeysLow = $root.sotto.v1.PrekeyStock.decode(reader, reader.size(), $undefined, _depth + 1, message.prekeysLow);
                            message.notice = "prekeysLow";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.devicesChanged = $root.sotto.v1.DevicesChanged.decode(reader, reader.size(), $undefined, _depth + 1, message.devicesChanged);
                            message.notice = "devicesChanged";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Notice;
        })();

        v1.DevicesChanged = (function() {

            /**
             * Properties of a DevicesChanged.
             * @typedef {Object} sotto.v1.DevicesChanged.$Properties
             * @property {number|null} [listVersion] DevicesChanged listVersion
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a DevicesChanged.
             * @memberof sotto.v1
             * @interface IDevicesChanged
             * @augments sotto.v1.DevicesChanged.$Properties
             * @deprecated Use sotto.v1.DevicesChanged.$Properties instead.
             */

            /**
             * Shape of a DevicesChanged.
             * @typedef {sotto.v1.DevicesChanged.$Properties} sotto.v1.DevicesChanged.$Shape
             */

            /**
             * Constructs a new DevicesChanged.
             * @memberof sotto.v1
             * @classdesc Represents a DevicesChanged.
             * @constructor
             * @param {sotto.v1.DevicesChanged.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const DevicesChanged = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * DevicesChanged listVersion.
             * @member {number} listVersion
             * @memberof sotto.v1.DevicesChanged
             * @instance
             */
            DevicesChanged.prototype.listVersion = 0;

            /**
             * Encodes the specified DevicesChanged message. Does not implicitly {@link sotto.v1.DevicesChanged.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.DevicesChanged
             * @static
             * @param {sotto.v1.DevicesChanged.$Properties} message DevicesChanged message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            DevicesChanged.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.listVersion != null && $Object.hasOwnProperty.call(message, "listVersion") && message.listVersion !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.listVersion);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a DevicesChanged message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.DevicesChanged
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.DevicesChanged & sotto.v1.DevicesChanged.$Shape} DevicesChanged
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            DevicesChanged.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.DevicesChanged();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.listVersion = value;
                            else
                                delete message.listVersion;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return DevicesChanged;
        })();

        v1.MailboxPage = (function() {

            /**
             * Properties of a MailboxPage.
             * @typedef {Object} sotto.v1.MailboxPage.$Properties
             * @property {number|null} [stream] MailboxPage stream
             * @property {Uint8Array|null} [incarnation] MailboxPage incarnation
             * @property {number|null} [head] MailboxPage head
             * @property {Array.<sotto.v1.Gap.$Properties>|null} [gaps] MailboxPage gaps
             * @property {Array.<sotto.v1.Envelope.$Properties>|null} [envelopes] MailboxPage envelopes
             * @property {boolean|null} [caughtUp] MailboxPage caughtUp
             * @property {sotto.v1.PrekeyStock.$Properties|null} [stock] MailboxPage stock
             * @property {number|null} [listVersion] MailboxPage listVersion
             * @property {number|null} [serverTime] MailboxPage serverTime
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a MailboxPage.
             * @memberof sotto.v1
             * @interface IMailboxPage
             * @augments sotto.v1.MailboxPage.$Properties
             * @deprecated Use sotto.v1.MailboxPage.$Properties instead.
             */

            /**
             * Shape of a MailboxPage.
             * @typedef {sotto.v1.MailboxPage.$Properties} sotto.v1.MailboxPage.$Shape
             */

            /**
             * Constructs a new MailboxPage.
             * @memberof sotto.v1
             * @classdesc Represents a MailboxPage.
             * @constructor
             * @param {sotto.v1.MailboxPage.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const MailboxPage = function (properties) {
                this.gaps = [];
                this.envelopes = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * MailboxPage stream.
             * @member {number} stream
             * @memberof sotto.v1.MailboxPage
             * @instance
             */
            MailboxPage.prototype.stream = 0;

            /**
             * MailboxPage incarnation.
             * @member {Uint8Array} incarnation
             * @memberof sotto.v1.MailboxPage
             * @instance
             */
            MailboxPage.prototype.incarnation = $util.newBuffer([]);

            /**
             * MailboxPage head.
             * @member {number} head
             * @memberof sotto.v1.MailboxPage
             * @instance
             */
            MailboxPage.prototype.head = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * MailboxPage gaps.
             * @member {Array.<sotto.v1.Gap.$Properties>} gaps
             * @memberof sotto.v1.MailboxPage
             * @instance
             */
            MailboxPage.prototype.gaps = $util.emptyArray;

            /**
             * MailboxPage envelopes.
             * @member {Array.<sotto.v1.Envelope.$Properties>} envelopes
             * @memberof sotto.v1.MailboxPage
             * @instance
             */
            MailboxPage.prototype.envelopes = $util.emptyArray;

            /**
             * MailboxPage caughtUp.
             * @member {boolean} caughtUp
             * @memberof sotto.v1.MailboxPage
             * @instance
             */
            MailboxPage.prototype.caughtUp = false;

            /**
             * MailboxPage stock.
             * @member {sotto.v1.PrekeyStock.$Properties|null|undefined} stock
             * @memberof sotto.v1.MailboxPage
             * @instance
             */
            MailboxPage.prototype.stock = null;

            /**
             * MailboxPage listVersion.
             * @member {number} listVersion
             * @memberof sotto.v1.MailboxPage
             * @instance
             */
            MailboxPage.prototype.listVersion = 0;

            /**
             * MailboxPage serverTime.
             * @member {number} serverTime
             * @memberof sotto.v1.MailboxPage
             * @instance
             */
            MailboxPage.prototype.serverTime = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Encodes the specified MailboxPage message. Does not implicitly {@link sotto.v1.MailboxPage.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.MailboxPage
             * @static
             * @param {sotto.v1.MailboxPage.$Properties} message MailboxPage message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            MailboxPage.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.stream != null && $Object.hasOwnProperty.call(message, "stream") && message.stream !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.stream);
                if (message.incarnation != null && $Object.hasOwnProperty.call(message, "incarnation") && message.incarnation.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.incarnation);
                if (message.head != null && $Object.hasOwnProperty.call(message, "head") && (typeof message.head === "object" ? message.head.low || message.head.high : message.head !== 0))
                    writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.head);
                if (message.gaps != null && message.gaps.length)
                    for (let i = 0; i < message.gaps.length; ++i)
                        $root.sotto.v1.Gap.encode(message.gaps[i], writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.envelopes != null && message.envelopes.length)
                    for (let i = 0; i < message.envelopes.length; ++i)
                        $root.sotto.v1.Envelope.encode(message.envelopes[i], writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.caughtUp != null && $Object.hasOwnProperty.call(message, "caughtUp") && message.caughtUp !== false)
                    writer.uint32(/* id 6, wireType 0 =*/48).bool(message.caughtUp);
                if (message.stock != null && $Object.hasOwnProperty.call(message, "stock"))
                    $root.sotto.v1.PrekeyStock.encode(message.stock, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.listVersion != null && $Object.hasOwnProperty.call(message, "listVersion") && message.listVersion !== 0)
                    writer.uint32(/* id 8, wireType 0 =*/64).uint32(message.listVersion);
                if (message.serverTime != null && $Object.hasOwnProperty.call(message, "serverTime") && (typeof message.serverTime === "object" ? message.serverTime.low || message.serverTime.high : message.serverTime !== 0))
                    writer.uint32(/* id 9, wireType 0 =*/72).uint64(message.serverTime);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a MailboxPage message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.MailboxPage
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.MailboxPage & sotto.v1.MailboxPage.$Shape} MailboxPage
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            MailboxPage.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.MailboxPage();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.stream = value;
                            else
                                delete message.stream;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.incarnation = value;
                            else
                                delete message.incarnation;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.head = value;
                            else
                                delete message.head;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if (!(message.gaps && message.gaps.length))
                                message.gaps = [];
                            message.gaps.push($root.sotto.v1.Gap.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if (!(message.envelopes && message.envelopes.length))
                                message.envelopes = [];
                            message.envelopes.push($root.sotto.v1.Envelope.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.caughtUp = value;
                            else
                                delete message.caughtUp;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.stock = $root.sotto.v1.PrekeyStock.decode(reader, reader.size(), $undefined, _depth + 1, message.stock);
                            continue;
                        }
                    case 8: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.listVersion = value;
                            else
                                delete message.listVersion;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.serverTime = value;
                            else
                                delete message.serverTime;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return MailboxPage;
        })();

        v1.MailboxSettlement = (function() {

            /**
             * Properties of a MailboxSettlement.
             * @typedef {Object} sotto.v1.MailboxSettlement.$Properties
             * @property {number|null} [stream] MailboxSettlement stream
             * @property {Array.<sotto.v1.Ack.$Properties>|null} [acks] MailboxSettlement acks
             * @property {Array.<sotto.v1.Nack.$Properties>|null} [nacks] MailboxSettlement nacks
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a MailboxSettlement.
             * @memberof sotto.v1
             * @interface IMailboxSettlement
             * @augments sotto.v1.MailboxSettlement.$Properties
             * @deprecated Use sotto.v1.MailboxSettlement.$Properties instead.
             */

            /**
             * Shape of a MailboxSettlement.
             * @typedef {sotto.v1.MailboxSettlement.$Properties} sotto.v1.MailboxSettlement.$Shape
             */

            /**
             * Constructs a new MailboxSettlement.
             * @memberof sotto.v1
             * @classdesc Represents a MailboxSettlement.
             * @constructor
             * @param {sotto.v1.MailboxSettlement.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const MailboxSettlement = function (properties) {
                this.acks = [];
                this.nacks = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * MailboxSettlement stream.
             * @member {number} stream
             * @memberof sotto.v1.MailboxSettlement
             * @instance
             */
            MailboxSettlement.prototype.stream = 0;

            /**
             * MailboxSettlement acks.
             * @member {Array.<sotto.v1.Ack.$Properties>} acks
             * @memberof sotto.v1.MailboxSettlement
             * @instance
             */
            MailboxSettlement.prototype.acks = $util.emptyArray;

            /**
             * MailboxSettlement nacks.
             * @member {Array.<sotto.v1.Nack.$Properties>} nacks
             * @memberof sotto.v1.MailboxSettlement
             * @instance
             */
            MailboxSettlement.prototype.nacks = $util.emptyArray;

            /**
             * Encodes the specified MailboxSettlement message. Does not implicitly {@link sotto.v1.MailboxSettlement.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.MailboxSettlement
             * @static
             * @param {sotto.v1.MailboxSettlement.$Properties} message MailboxSettlement message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            MailboxSettlement.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.stream != null && $Object.hasOwnProperty.call(message, "stream") && message.stream !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.stream);
                if (message.acks != null && message.acks.length)
                    for (let i = 0; i < message.acks.length; ++i)
                        $root.sotto.v1.Ack.encode(message.acks[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.nacks != null && message.nacks.length)
                    for (let i = 0; i < message.nacks.length; ++i)
                        $root.sotto.v1.Nack.encode(message.nacks[i], writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a MailboxSettlement message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.MailboxSettlement
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.MailboxSettlement & sotto.v1.MailboxSettlement.$Shape} MailboxSettlement
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            MailboxSettlement.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.MailboxSettlement();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.stream = value;
                            else
                                delete message.stream;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.acks && message.acks.length))
                                message.acks = [];
                            message.acks.push($root.sotto.v1.Ack.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.nacks && message.nacks.length))
                                message.nacks = [];
                            message.nacks.push($root.sotto.v1.Nack.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return MailboxSettlement;
        })();

        v1.SettlementAnswer = (function() {

            /**
             * Properties of a SettlementAnswer.
             * @typedef {Object} sotto.v1.SettlementAnswer.$Properties
             * @property {Array.<sotto.v1.AckRefused.$Properties>|null} [refused] SettlementAnswer refused
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SettlementAnswer.
             * @memberof sotto.v1
             * @interface ISettlementAnswer
             * @augments sotto.v1.SettlementAnswer.$Properties
             * @deprecated Use sotto.v1.SettlementAnswer.$Properties instead.
             */

            /**
             * Shape of a SettlementAnswer.
             * @typedef {sotto.v1.SettlementAnswer.$Properties} sotto.v1.SettlementAnswer.$Shape
             */

            /**
             * Constructs a new SettlementAnswer.
             * @memberof sotto.v1
             * @classdesc Represents a SettlementAnswer.
             * @constructor
             * @param {sotto.v1.SettlementAnswer.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SettlementAnswer = function (properties) {
                this.refused = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SettlementAnswer refused.
             * @member {Array.<sotto.v1.AckRefused.$Properties>} refused
             * @memberof sotto.v1.SettlementAnswer
             * @instance
             */
            SettlementAnswer.prototype.refused = $util.emptyArray;

            /**
             * Encodes the specified SettlementAnswer message. Does not implicitly {@link sotto.v1.SettlementAnswer.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.SettlementAnswer
             * @static
             * @param {sotto.v1.SettlementAnswer.$Properties} message SettlementAnswer message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SettlementAnswer.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.refused != null && message.refused.length)
                    for (let i = 0; i < message.refused.length; ++i)
                        $root.sotto.v1.AckRefused.encode(message.refused[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a SettlementAnswer message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.SettlementAnswer
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.SettlementAnswer & sotto.v1.SettlementAnswer.$Shape} SettlementAnswer
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SettlementAnswer.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.SettlementAnswer();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.refused && message.refused.length))
                                message.refused = [];
                            message.refused.push($root.sotto.v1.AckRefused.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return SettlementAnswer;
        })();

        v1.SetAside = (function() {

            /**
             * Properties of a SetAside.
             * @typedef {Object} sotto.v1.SetAside.$Properties
             * @property {Array.<sotto.v1.SetAsideEnvelope.$Properties>|null} [envelopes] SetAside envelopes
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SetAside.
             * @memberof sotto.v1
             * @interface ISetAside
             * @augments sotto.v1.SetAside.$Properties
             * @deprecated Use sotto.v1.SetAside.$Properties instead.
             */

            /**
             * Shape of a SetAside.
             * @typedef {sotto.v1.SetAside.$Properties} sotto.v1.SetAside.$Shape
             */

            /**
             * Constructs a new SetAside.
             * @memberof sotto.v1
             * @classdesc Represents a SetAside.
             * @constructor
             * @param {sotto.v1.SetAside.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SetAside = function (properties) {
                this.envelopes = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SetAside envelopes.
             * @member {Array.<sotto.v1.SetAsideEnvelope.$Properties>} envelopes
             * @memberof sotto.v1.SetAside
             * @instance
             */
            SetAside.prototype.envelopes = $util.emptyArray;

            /**
             * Encodes the specified SetAside message. Does not implicitly {@link sotto.v1.SetAside.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.SetAside
             * @static
             * @param {sotto.v1.SetAside.$Properties} message SetAside message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SetAside.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.envelopes != null && message.envelopes.length)
                    for (let i = 0; i < message.envelopes.length; ++i)
                        $root.sotto.v1.SetAsideEnvelope.encode(message.envelopes[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a SetAside message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.SetAside
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.SetAside & sotto.v1.SetAside.$Shape} SetAside
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SetAside.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.SetAside();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.envelopes && message.envelopes.length))
                                message.envelopes = [];
                            message.envelopes.push($root.sotto.v1.SetAsideEnvelope.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return SetAside;
        })();

        v1.SetAsideEnvelope = (function() {

            /**
             * Properties of a SetAsideEnvelope.
             * @typedef {Object} sotto.v1.SetAsideEnvelope.$Properties
             * @property {sotto.v1.Envelope.$Properties|null} [envelope] SetAsideEnvelope envelope
             * @property {sotto.v1.NackReason|null} [reason] SetAsideEnvelope reason
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SetAsideEnvelope.
             * @memberof sotto.v1
             * @interface ISetAsideEnvelope
             * @augments sotto.v1.SetAsideEnvelope.$Properties
             * @deprecated Use sotto.v1.SetAsideEnvelope.$Properties instead.
             */

            /**
             * Shape of a SetAsideEnvelope.
             * @typedef {sotto.v1.SetAsideEnvelope.$Properties} sotto.v1.SetAsideEnvelope.$Shape
             */

            /**
             * Constructs a new SetAsideEnvelope.
             * @memberof sotto.v1
             * @classdesc Represents a SetAsideEnvelope.
             * @constructor
             * @param {sotto.v1.SetAsideEnvelope.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SetAsideEnvelope = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SetAsideEnvelope envelope.
             * @member {sotto.v1.Envelope.$Properties|null|undefined} envelope
             * @memberof sotto.v1.SetAsideEnvelope
             * @instance
             */
            SetAsideEnvelope.prototype.envelope = null;

            /**
             * SetAsideEnvelope reason.
             * @member {sotto.v1.NackReason} reason
             * @memberof sotto.v1.SetAsideEnvelope
             * @instance
             */
            SetAsideEnvelope.prototype.reason = 0;

            /**
             * Encodes the specified SetAsideEnvelope message. Does not implicitly {@link sotto.v1.SetAsideEnvelope.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.SetAsideEnvelope
             * @static
             * @param {sotto.v1.SetAsideEnvelope.$Properties} message SetAsideEnvelope message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SetAsideEnvelope.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.envelope != null && $Object.hasOwnProperty.call(message, "envelope"))
                    $root.sotto.v1.Envelope.encode(message.envelope, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).int32(message.reason);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a SetAsideEnvelope message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.SetAsideEnvelope
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.SetAsideEnvelope & sotto.v1.SetAsideEnvelope.$Shape} SetAsideEnvelope
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SetAsideEnvelope.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.SetAsideEnvelope();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.envelope = $root.sotto.v1.Envelope.decode(reader, reader.size(), $undefined, _depth + 1, message.envelope);
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.reason = value;
                            else
                                delete message.reason;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return SetAsideEnvelope;
        })();

        v1.SignedPrekey = (function() {

            /**
             * Properties of a SignedPrekey.
             * @typedef {Object} sotto.v1.SignedPrekey.$Properties
             * @property {number|null} [id] SignedPrekey id
             * @property {Uint8Array|null} [publicKey] SignedPrekey publicKey
             * @property {Uint8Array|null} [signature] SignedPrekey signature
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SignedPrekey.
             * @memberof sotto.v1
             * @interface ISignedPrekey
             * @augments sotto.v1.SignedPrekey.$Properties
             * @deprecated Use sotto.v1.SignedPrekey.$Properties instead.
             */

            /**
             * Shape of a SignedPrekey.
             * @typedef {sotto.v1.SignedPrekey.$Properties} sotto.v1.SignedPrekey.$Shape
             */

            /**
             * Constructs a new SignedPrekey.
             * @memberof sotto.v1
             * @classdesc Represents a SignedPrekey.
             * @constructor
             * @param {sotto.v1.SignedPrekey.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SignedPrekey = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SignedPrekey id.
             * @member {number} id
             * @memberof sotto.v1.SignedPrekey
             * @instance
             */
            SignedPrekey.prototype.id = 0;

            /**
             * SignedPrekey publicKey.
             * @member {Uint8Array} publicKey
             * @memberof sotto.v1.SignedPrekey
             * @instance
             */
            SignedPrekey.prototype.publicKey = $util.newBuffer([]);

            /**
             * SignedPrekey signature.
             * @member {Uint8Array} signature
             * @memberof sotto.v1.SignedPrekey
             * @instance
             */
            SignedPrekey.prototype.signature = $util.newBuffer([]);

            /**
             * Encodes the specified SignedPrekey message. Does not implicitly {@link sotto.v1.SignedPrekey.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.SignedPrekey
             * @static
             * @param {sotto.v1.SignedPrekey.$Properties} message SignedPrekey message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SignedPrekey.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.id);
                if (message.publicKey != null && $Object.hasOwnProperty.call(message, "publicKey") && message.publicKey.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.publicKey);
                if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.signature);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a SignedPrekey message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.SignedPrekey
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.SignedPrekey & sotto.v1.SignedPrekey.$Shape} SignedPrekey
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SignedPrekey.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.SignedPrekey();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.publicKey = value;
                            else
                                delete message.publicKey;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.signature = value;
                            else
                                delete message.signature;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return SignedPrekey;
        })();

        v1.OneTimePrekey = (function() {

            /**
             * Properties of a OneTimePrekey.
             * @typedef {Object} sotto.v1.OneTimePrekey.$Properties
             * @property {number|null} [id] OneTimePrekey id
             * @property {Uint8Array|null} [publicKey] OneTimePrekey publicKey
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a OneTimePrekey.
             * @memberof sotto.v1
             * @interface IOneTimePrekey
             * @augments sotto.v1.OneTimePrekey.$Properties
             * @deprecated Use sotto.v1.OneTimePrekey.$Properties instead.
             */

            /**
             * Shape of a OneTimePrekey.
             * @typedef {sotto.v1.OneTimePrekey.$Properties} sotto.v1.OneTimePrekey.$Shape
             */

            /**
             * Constructs a new OneTimePrekey.
             * @memberof sotto.v1
             * @classdesc Represents a OneTimePrekey.
             * @constructor
             * @param {sotto.v1.OneTimePrekey.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const OneTimePrekey = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * OneTimePrekey id.
             * @member {number} id
             * @memberof sotto.v1.OneTimePrekey
             * @instance
             */
            OneTimePrekey.prototype.id = 0;

            /**
             * OneTimePrekey publicKey.
             * @member {Uint8Array} publicKey
             * @memberof sotto.v1.OneTimePrekey
             * @instance
             */
            OneTimePrekey.prototype.publicKey = $util.newBuffer([]);

            /**
             * Encodes the specified OneTimePrekey message. Does not implicitly {@link sotto.v1.OneTimePrekey.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.OneTimePrekey
             * @static
             * @param {sotto.v1.OneTimePrekey.$Properties} message OneTimePrekey message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            OneTimePrekey.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.id);
                if (message.publicKey != null && $Object.hasOwnProperty.call(message, "publicKey") && message.publicKey.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.publicKey);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a OneTimePrekey message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.OneTimePrekey
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.OneTimePrekey & sotto.v1.OneTimePrekey.$Shape} OneTimePrekey
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            OneTimePrekey.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.OneTimePrekey();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.publicKey = value;
                            else
                                delete message.publicKey;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return OneTimePrekey;
        })();

        v1.KyberPrekey = (function() {

            /**
             * Properties of a KyberPrekey.
             * @typedef {Object} sotto.v1.KyberPrekey.$Properties
             * @property {number|null} [id] KyberPrekey id
             * @property {Uint8Array|null} [publicKey] KyberPrekey publicKey
             * @property {Uint8Array|null} [signature] KyberPrekey signature
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a KyberPrekey.
             * @memberof sotto.v1
             * @interface IKyberPrekey
             * @augments sotto.v1.KyberPrekey.$Properties
             * @deprecated Use sotto.v1.KyberPrekey.$Properties instead.
             */

            /**
             * Shape of a KyberPrekey.
             * @typedef {sotto.v1.KyberPrekey.$Properties} sotto.v1.KyberPrekey.$Shape
             */

            /**
             * Constructs a new KyberPrekey.
             * @memberof sotto.v1
             * @classdesc Represents a KyberPrekey.
             * @constructor
             * @param {sotto.v1.KyberPrekey.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const KyberPrekey = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * KyberPrekey id.
             * @member {number} id
             * @memberof sotto.v1.KyberPrekey
             * @instance
             */
            KyberPrekey.prototype.id = 0;

            /**
             * KyberPrekey publicKey.
             * @member {Uint8Array} publicKey
             * @memberof sotto.v1.KyberPrekey
             * @instance
             */
            KyberPrekey.prototype.publicKey = $util.newBuffer([]);

            /**
             * KyberPrekey signature.
             * @member {Uint8Array} signature
             * @memberof sotto.v1.KyberPrekey
             * @instance
             */
            KyberPrekey.prototype.signature = $util.newBuffer([]);

            /**
             * Encodes the specified KyberPrekey message. Does not implicitly {@link sotto.v1.KyberPrekey.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.KyberPrekey
             * @static
             * @param {sotto.v1.KyberPrekey.$Properties} message KyberPrekey message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            KyberPrekey.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.id);
                if (message.publicKey != null && $Object.hasOwnProperty.call(message, "publicKey") && message.publicKey.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.publicKey);
                if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.signature);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a KyberPrekey message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.KyberPrekey
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.KyberPrekey & sotto.v1.KyberPrekey.$Shape} KyberPrekey
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            KyberPrekey.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.KyberPrekey();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.publicKey = value;
                            else
                                delete message.publicKey;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.signature = value;
                            else
                                delete message.signature;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return KyberPrekey;
        })();

        v1.DeviceRegistration = (function() {

            /**
             * Properties of a DeviceRegistration.
             * @typedef {Object} sotto.v1.DeviceRegistration.$Properties
             * @property {Uint8Array|null} [deviceId] DeviceRegistration deviceId
             * @property {number|null} [registrationId] DeviceRegistration registrationId
             * @property {Uint8Array|null} [registrationSignature] DeviceRegistration registrationSignature
             * @property {Uint8Array|null} [identityKey] DeviceRegistration identityKey
             * @property {Uint8Array|null} [authKey] DeviceRegistration authKey
             * @property {sotto.v1.SignedPrekey.$Properties|null} [signedPrekey] DeviceRegistration signedPrekey
             * @property {sotto.v1.KyberPrekey.$Properties|null} [lastResort] DeviceRegistration lastResort
             * @property {Array.<sotto.v1.OneTimePrekey.$Properties>|null} [oneTime] DeviceRegistration oneTime
             * @property {Array.<sotto.v1.KyberPrekey.$Properties>|null} [kyber] DeviceRegistration kyber
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a DeviceRegistration.
             * @memberof sotto.v1
             * @interface IDeviceRegistration
             * @augments sotto.v1.DeviceRegistration.$Properties
             * @deprecated Use sotto.v1.DeviceRegistration.$Properties instead.
             */

            /**
             * Shape of a DeviceRegistration.
             * @typedef {sotto.v1.DeviceRegistration.$Properties} sotto.v1.DeviceRegistration.$Shape
             */

            /**
             * Constructs a new DeviceRegistration.
             * @memberof sotto.v1
             * @classdesc Represents a DeviceRegistration.
             * @constructor
             * @param {sotto.v1.DeviceRegistration.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const DeviceRegistration = function (properties) {
                this.oneTime = [];
                this.kyber = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * DeviceRegistration deviceId.
             * @member {Uint8Array} deviceId
             * @memberof sotto.v1.DeviceRegistration
             * @instance
             */
            DeviceRegistration.prototype.deviceId = $util.newBuffer([]);

            /**
             * DeviceRegistration registrationId.
             * @member {number} registrationId
             * @memberof sotto.v1.DeviceRegistration
             * @instance
             */
            DeviceRegistration.prototype.registrationId = 0;

            /**
             * DeviceRegistration registrationSignature.
             * @member {Uint8Array} registrationSignature
             * @memberof sotto.v1.DeviceRegistration
             * @instance
             */
            DeviceRegistration.prototype.registrationSignature = $util.newBuffer([]);

            /**
             * DeviceRegistration identityKey.
             * @member {Uint8Array} identityKey
             * @memberof sotto.v1.DeviceRegistration
             * @instance
             */
            DeviceRegistration.prototype.identityKey = $util.newBuffer([]);

            /**
             * DeviceRegistration authKey.
             * @member {Uint8Array} authKey
             * @memberof sotto.v1.DeviceRegistration
             * @instance
             */
            DeviceRegistration.prototype.authKey = $util.newBuffer([]);

            /**
             * DeviceRegistration signedPrekey.
             * @member {sotto.v1.SignedPrekey.$Properties|null|undefined} signedPrekey
             * @memberof sotto.v1.DeviceRegistration
             * @instance
             */
            DeviceRegistration.prototype.signedPrekey = null;

            /**
             * DeviceRegistration lastResort.
             * @member {sotto.v1.KyberPrekey.$Properties|null|undefined} lastResort
             * @memberof sotto.v1.DeviceRegistration
             * @instance
             */
            DeviceRegistration.prototype.lastResort = null;

            /**
             * DeviceRegistration oneTime.
             * @member {Array.<sotto.v1.OneTimePrekey.$Properties>} oneTime
             * @memberof sotto.v1.DeviceRegistration
             * @instance
             */
            DeviceRegistration.prototype.oneTime = $util.emptyArray;

            /**
             * DeviceRegistration kyber.
             * @member {Array.<sotto.v1.KyberPrekey.$Properties>} kyber
             * @memberof sotto.v1.DeviceRegistration
             * @instance
             */
            DeviceRegistration.prototype.kyber = $util.emptyArray;

            /**
             * Encodes the specified DeviceRegistration message. Does not implicitly {@link sotto.v1.DeviceRegistration.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.DeviceRegistration
             * @static
             * @param {sotto.v1.DeviceRegistration.$Properties} message DeviceRegistration message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            DeviceRegistration.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.deviceId != null && $Object.hasOwnProperty.call(message, "deviceId") && message.deviceId.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.deviceId);
                if (message.registrationId != null && $Object.hasOwnProperty.call(message, "registrationId") && message.registrationId !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.registrationId);
                if (message.registrationSignature != null && $Object.hasOwnProperty.call(message, "registrationSignature") && message.registrationSignature.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.registrationSignature);
                if (message.identityKey != null && $Object.hasOwnProperty.call(message, "identityKey") && message.identityKey.length)
                    writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.identityKey);
                if (message.authKey != null && $Object.hasOwnProperty.call(message, "authKey") && message.authKey.length)
                    writer.uint32(/* id 5, wireType 2 =*/42).bytes(message.authKey);
                if (message.signedPrekey != null && $Object.hasOwnProperty.call(message, "signedPrekey"))
                    $root.sotto.v1.SignedPrekey.encode(message.signedPrekey, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.lastResort != null && $Object.hasOwnProperty.call(message, "lastResort"))
                    $root.sotto.v1.KyberPrekey.encode(message.lastResort, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.oneTime != null && message.oneTime.length)
                    for (let i = 0; i < message.oneTime.length; ++i)
                        $root.sotto.v1.OneTimePrekey.encode(message.oneTime[i], writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
                if (message.kyber != null && message.kyber.length)
                    for (let i = 0; i < message.kyber.length; ++i)
                        $root.sotto.v1.KyberPrekey.encode(message.kyber[i], writer.uint32(/* id 9, wireType 2 =*/74).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a DeviceRegistration message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.DeviceRegistration
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.DeviceRegistration & sotto.v1.DeviceRegistration.$Shape} DeviceRegistration
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            DeviceRegistration.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.DeviceRegistration();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.deviceId = value;
                            else
                                delete message.deviceId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.registrationId = value;
                            else
                                delete message.registrationId;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.registrationSignature = value;
                            else
                                delete message.registrationSignature;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.identityKey = value;
                            else
                                delete message.identityKey;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.authKey = value;
                            else
                                delete message.authKey;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.signedPrekey = $root.sotto.v1.SignedPrekey.decode(reader, reader.size(), $undefined, _depth + 1, message.signedPrekey);
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.lastResort = $root.sotto.v1.KyberPrekey.decode(reader, reader.size(), $undefined, _depth + 1, message.lastResort);
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            if (!(message.oneTime && message.oneTime.length))
                                message.oneTime = [];
                            message.oneTime.push($root.sotto.v1.OneTimePrekey.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            if (!(message.kyber && message.kyber.length))
                                message.kyber = [];
                            message.kyber.push($root.sotto.v1.KyberPrekey.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return DeviceRegistration;
        })();

        v1.PrekeyUpload = (function() {

            /**
             * Properties of a PrekeyUpload.
             * @typedef {Object} sotto.v1.PrekeyUpload.$Properties
             * @property {sotto.v1.SignedPrekey.$Properties|null} [signedPrekey] PrekeyUpload signedPrekey
             * @property {sotto.v1.KyberPrekey.$Properties|null} [lastResort] PrekeyUpload lastResort
             * @property {Array.<sotto.v1.OneTimePrekey.$Properties>|null} [oneTime] PrekeyUpload oneTime
             * @property {Array.<sotto.v1.KyberPrekey.$Properties>|null} [kyber] PrekeyUpload kyber
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a PrekeyUpload.
             * @memberof sotto.v1
             * @interface IPrekeyUpload
             * @augments sotto.v1.PrekeyUpload.$Properties
             * @deprecated Use sotto.v1.PrekeyUpload.$Properties instead.
             */

            /**
             * Shape of a PrekeyUpload.
             * @typedef {sotto.v1.PrekeyUpload.$Properties} sotto.v1.PrekeyUpload.$Shape
             */

            /**
             * Constructs a new PrekeyUpload.
             * @memberof sotto.v1
             * @classdesc Represents a PrekeyUpload.
             * @constructor
             * @param {sotto.v1.PrekeyUpload.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const PrekeyUpload = function (properties) {
                this.oneTime = [];
                this.kyber = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * PrekeyUpload signedPrekey.
             * @member {sotto.v1.SignedPrekey.$Properties|null|undefined} signedPrekey
             * @memberof sotto.v1.PrekeyUpload
             * @instance
             */
            PrekeyUpload.prototype.signedPrekey = null;

            /**
             * PrekeyUpload lastResort.
             * @member {sotto.v1.KyberPrekey.$Properties|null|undefined} lastResort
             * @memberof sotto.v1.PrekeyUpload
             * @instance
             */
            PrekeyUpload.prototype.lastResort = null;

            /**
             * PrekeyUpload oneTime.
             * @member {Array.<sotto.v1.OneTimePrekey.$Properties>} oneTime
             * @memberof sotto.v1.PrekeyUpload
             * @instance
             */
            PrekeyUpload.prototype.oneTime = $util.emptyArray;

            /**
             * PrekeyUpload kyber.
             * @member {Array.<sotto.v1.KyberPrekey.$Properties>} kyber
             * @memberof sotto.v1.PrekeyUpload
             * @instance
             */
            PrekeyUpload.prototype.kyber = $util.emptyArray;

            /**
             * Encodes the specified PrekeyUpload message. Does not implicitly {@link sotto.v1.PrekeyUpload.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.PrekeyUpload
             * @static
             * @param {sotto.v1.PrekeyUpload.$Properties} message PrekeyUpload message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            PrekeyUpload.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.signedPrekey != null && $Object.hasOwnProperty.call(message, "signedPrekey"))
                    $root.sotto.v1.SignedPrekey.encode(message.signedPrekey, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.lastResort != null && $Object.hasOwnProperty.call(message, "lastResort"))
                    $root.sotto.v1.KyberPrekey.encode(message.lastResort, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.oneTime != null && message.oneTime.length)
                    for (let i = 0; i < message.oneTime.length; ++i)
                        $root.sotto.v1.OneTimePrekey.encode(message.oneTime[i], writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.kyber != null && message.kyber.length)
                    for (let i = 0; i < message.kyber.length; ++i)
                        $root.sotto.v1.KyberPrekey.encode(message.kyber[i], writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a PrekeyUpload message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.PrekeyUpload
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.PrekeyUpload & sotto.v1.PrekeyUpload.$Shape} PrekeyUpload
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            PrekeyUpload.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.PrekeyUpload();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.signedPrekey = $root.sotto.v1.SignedPrekey.decode(reader, reader.size(), $undefined, _depth + 1, message.signedPrekey);
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.lastResort = $root.sotto.v1.KyberPrekey.decode(reader, reader.size(), $undefined, _depth + 1, message.lastResort);
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.oneTime && message.oneTime.length))
                                message.oneTime = [];
                            message.oneTime.push($root.sotto.v1.OneTimePrekey.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if (!(message.kyber && message.kyber.length))
                                message.kyber = [];
                            message.kyber.push($root.sotto.v1.KyberPrekey.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return PrekeyUpload;
        })();

        v1.PrekeyBundles = (function() {

            /**
             * Properties of a PrekeyBundles.
             * @typedef {Object} sotto.v1.PrekeyBundles.$Properties
             * @property {Uint8Array|null} [accountId] PrekeyBundles accountId
             * @property {number|null} [listVersion] PrekeyBundles listVersion
             * @property {Array.<sotto.v1.PrekeyBundle.$Properties>|null} [bundles] PrekeyBundles bundles
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a PrekeyBundles.
             * @memberof sotto.v1
             * @interface IPrekeyBundles
             * @augments sotto.v1.PrekeyBundles.$Properties
             * @deprecated Use sotto.v1.PrekeyBundles.$Properties instead.
             */

            /**
             * Shape of a PrekeyBundles.
             * @typedef {sotto.v1.PrekeyBundles.$Properties} sotto.v1.PrekeyBundles.$Shape
             */

            /**
             * Constructs a new PrekeyBundles.
             * @memberof sotto.v1
             * @classdesc Represents a PrekeyBundles.
             * @constructor
             * @param {sotto.v1.PrekeyBundles.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const PrekeyBundles = function (properties) {
                this.bundles = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * PrekeyBundles accountId.
             * @member {Uint8Array} accountId
             * @memberof sotto.v1.PrekeyBundles
             * @instance
             */
            PrekeyBundles.prototype.accountId = $util.newBuffer([]);

            /**
             * PrekeyBundles listVersion.
             * @member {number} listVersion
             * @memberof sotto.v1.PrekeyBundles
             * @instance
             */
            PrekeyBundles.prototype.listVersion = 0;

            /**
             * PrekeyBundles bundles.
             * @member {Array.<sotto.v1.PrekeyBundle.$Properties>} bundles
             * @memberof sotto.v1.PrekeyBundles
             * @instance
             */
            PrekeyBundles.prototype.bundles = $util.emptyArray;

            /**
             * Encodes the specified PrekeyBundles message. Does not implicitly {@link sotto.v1.PrekeyBundles.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.PrekeyBundles
             * @static
             * @param {sotto.v1.PrekeyBundles.$Properties} message PrekeyBundles message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            PrekeyBundles.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.accountId != null && $Object.hasOwnProperty.call(message, "accountId") && message.accountId.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.accountId);
                if (message.listVersion != null && $Object.hasOwnProperty.call(message, "listVersion") && message.listVersion !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.listVersion);
                if (message.bundles != null && message.bundles.length)
                    for (let i = 0; i < message.bundles.length; ++i)
                        $root.sotto.v1.PrekeyBundle.encode(message.bundles[i], writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a PrekeyBundles message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.PrekeyBundles
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.PrekeyBundles & sotto.v1.PrekeyBundles.$Shape} PrekeyBundles
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            PrekeyBundles.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.PrekeyBundles();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.accountId = value;
                            else
                                delete message.accountId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.listVersion = value;
                            else
                                delete message.listVersion;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.bundles && message.bundles.length))
                                message.bundles = [];
                            message.bundles.push($root.sotto.v1.PrekeyBundle.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return PrekeyBundles;
        })();

        v1.PrekeyBundle = (function() {

            /**
             * Properties of a PrekeyBundle.
             * @typedef {Object} sotto.v1.PrekeyBundle.$Properties
             * @property {Uint8Array|null} [deviceId] PrekeyBundle deviceId
             * @property {number|null} [registrationId] PrekeyBundle registrationId
             * @property {Uint8Array|null} [registrationSignature] PrekeyBundle registrationSignature
             * @property {Uint8Array|null} [identityKey] PrekeyBundle identityKey
             * @property {sotto.v1.SignedPrekey.$Properties|null} [signedPrekey] PrekeyBundle signedPrekey
             * @property {sotto.v1.KyberPrekey.$Properties|null} [kyber] PrekeyBundle kyber
             * @property {sotto.v1.OneTimePrekey.$Properties|null} [oneTime] PrekeyBundle oneTime
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a PrekeyBundle.
             * @memberof sotto.v1
             * @interface IPrekeyBundle
             * @augments sotto.v1.PrekeyBundle.$Properties
             * @deprecated Use sotto.v1.PrekeyBundle.$Properties instead.
             */

            /**
             * Shape of a PrekeyBundle.
             * @typedef {sotto.v1.PrekeyBundle.$Properties} sotto.v1.PrekeyBundle.$Shape
             */

            /**
             * Constructs a new PrekeyBundle.
             * @memberof sotto.v1
             * @classdesc Represents a PrekeyBundle.
             * @constructor
             * @param {sotto.v1.PrekeyBundle.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const PrekeyBundle = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * PrekeyBundle deviceId.
             * @member {Uint8Array} deviceId
             * @memberof sotto.v1.PrekeyBundle
             * @instance
             */
            PrekeyBundle.prototype.deviceId = $util.newBuffer([]);

            /**
             * PrekeyBundle registrationId.
             * @member {number} registrationId
             * @memberof sotto.v1.PrekeyBundle
             * @instance
             */
            PrekeyBundle.prototype.registrationId = 0;

            /**
             * PrekeyBundle registrationSignature.
             * @member {Uint8Array} registrationSignature
             * @memberof sotto.v1.PrekeyBundle
             * @instance
             */
            PrekeyBundle.prototype.registrationSignature = $util.newBuffer([]);

            /**
             * PrekeyBundle identityKey.
             * @member {Uint8Array} identityKey
             * @memberof sotto.v1.PrekeyBundle
             * @instance
             */
            PrekeyBundle.prototype.identityKey = $util.newBuffer([]);

            /**
             * PrekeyBundle signedPrekey.
             * @member {sotto.v1.SignedPrekey.$Properties|null|undefined} signedPrekey
             * @memberof sotto.v1.PrekeyBundle
             * @instance
             */
            PrekeyBundle.prototype.signedPrekey = null;

            /**
             * PrekeyBundle kyber.
             * @member {sotto.v1.KyberPrekey.$Properties|null|undefined} kyber
             * @memberof sotto.v1.PrekeyBundle
             * @instance
             */
            PrekeyBundle.prototype.kyber = null;

            /**
             * PrekeyBundle oneTime.
             * @member {sotto.v1.OneTimePrekey.$Properties|null|undefined} oneTime
             * @memberof sotto.v1.PrekeyBundle
             * @instance
             */
            PrekeyBundle.prototype.oneTime = null;

            /**
             * Encodes the specified PrekeyBundle message. Does not implicitly {@link sotto.v1.PrekeyBundle.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.PrekeyBundle
             * @static
             * @param {sotto.v1.PrekeyBundle.$Properties} message PrekeyBundle message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            PrekeyBundle.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.deviceId != null && $Object.hasOwnProperty.call(message, "deviceId") && message.deviceId.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.deviceId);
                if (message.registrationId != null && $Object.hasOwnProperty.call(message, "registrationId") && message.registrationId !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.registrationId);
                if (message.registrationSignature != null && $Object.hasOwnProperty.call(message, "registrationSignature") && message.registrationSignature.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.registrationSignature);
                if (message.identityKey != null && $Object.hasOwnProperty.call(message, "identityKey") && message.identityKey.length)
                    writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.identityKey);
                if (message.signedPrekey != null && $Object.hasOwnProperty.call(message, "signedPrekey"))
                    $root.sotto.v1.SignedPrekey.encode(message.signedPrekey, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.kyber != null && $Object.hasOwnProperty.call(message, "kyber"))
                    $root.sotto.v1.KyberPrekey.encode(message.kyber, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.oneTime != null && $Object.hasOwnProperty.call(message, "oneTime"))
                    $root.sotto.v1.OneTimePrekey.encode(message.oneTime, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a PrekeyBundle message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.PrekeyBundle
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.PrekeyBundle & sotto.v1.PrekeyBundle.$Shape} PrekeyBundle
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            PrekeyBundle.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.PrekeyBundle();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.deviceId = value;
                            else
                                delete message.deviceId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.registrationId = value;
                            else
                                delete message.registrationId;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.registrationSignature = value;
                            else
                                delete message.registrationSignature;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.identityKey = value;
                            else
                                delete message.identityKey;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.signedPrekey = $root.sotto.v1.SignedPrekey.decode(reader, reader.size(), $undefined, _depth + 1, message.signedPrekey);
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.kyber = $root.sotto.v1.KyberPrekey.decode(reader, reader.size(), $undefined, _depth + 1, message.kyber);
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.oneTime = $root.sotto.v1.OneTimePrekey.decode(reader, reader.size(), $undefined, _depth + 1, message.oneTime);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return PrekeyBundle;
        })();

        v1.SignedList = (function() {

            /**
             * Properties of a SignedList.
             * @typedef {Object} sotto.v1.SignedList.$Properties
             * @property {Uint8Array|null} [list] SignedList list
             * @property {Uint8Array|null} [signature] SignedList signature
             * @property {Uint8Array|null} [signer] SignedList signer
             * @property {Uint8Array|null} [rotationSignature] SignedList rotationSignature
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SignedList.
             * @memberof sotto.v1
             * @interface ISignedList
             * @augments sotto.v1.SignedList.$Properties
             * @deprecated Use sotto.v1.SignedList.$Properties instead.
             */

            /**
             * Shape of a SignedList.
             * @typedef {sotto.v1.SignedList.$Properties} sotto.v1.SignedList.$Shape
             */

            /**
             * Constructs a new SignedList.
             * @memberof sotto.v1
             * @classdesc Represents a SignedList.
             * @constructor
             * @param {sotto.v1.SignedList.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SignedList = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SignedList list.
             * @member {Uint8Array} list
             * @memberof sotto.v1.SignedList
             * @instance
             */
            SignedList.prototype.list = $util.newBuffer([]);

            /**
             * SignedList signature.
             * @member {Uint8Array} signature
             * @memberof sotto.v1.SignedList
             * @instance
             */
            SignedList.prototype.signature = $util.newBuffer([]);

            /**
             * SignedList signer.
             * @member {Uint8Array} signer
             * @memberof sotto.v1.SignedList
             * @instance
             */
            SignedList.prototype.signer = $util.newBuffer([]);

            /**
             * SignedList rotationSignature.
             * @member {Uint8Array} rotationSignature
             * @memberof sotto.v1.SignedList
             * @instance
             */
            SignedList.prototype.rotationSignature = $util.newBuffer([]);

            /**
             * Encodes the specified SignedList message. Does not implicitly {@link sotto.v1.SignedList.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.SignedList
             * @static
             * @param {sotto.v1.SignedList.$Properties} message SignedList message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SignedList.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.list != null && $Object.hasOwnProperty.call(message, "list") && message.list.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.list);
                if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.signature);
                if (message.signer != null && $Object.hasOwnProperty.call(message, "signer") && message.signer.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.signer);
                if (message.rotationSignature != null && $Object.hasOwnProperty.call(message, "rotationSignature") && message.rotationSignature.length)
                    writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.rotationSignature);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a SignedList message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.SignedList
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.SignedList & sotto.v1.SignedList.$Shape} SignedList
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SignedList.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.SignedList();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.list = value;
                            else
                                delete message.list;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.signature = value;
                            else
                                delete message.signature;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.signer = value;
                            else
                                delete message.signer;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.rotationSignature = value;
                            else
                                delete message.rotationSignature;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return SignedList;
        })();

        /**
         * TombstoneReason enum.
         * @name sotto.v1.TombstoneReason
         * @enum {number}
         * @property {number} REASON_UNSPECIFIED=0 REASON_UNSPECIFIED value
         * @property {number} OWNER=1 OWNER value
         * @property {number} ADMIN=2 ADMIN value
         * @property {number} IDLE=3 IDLE value
         * @property {number} RESET=4 RESET value
         */
        v1.TombstoneReason = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "REASON_UNSPECIFIED"] = 0;
            values[valuesById[1] = "OWNER"] = 1;
            values[valuesById[2] = "ADMIN"] = 2;
            values[valuesById[3] = "IDLE"] = 3;
            values[valuesById[4] = "RESET"] = 4;
            return values;
        })();

        v1.Tombstone = (function() {

            /**
             * Properties of a Tombstone.
             * @typedef {Object} sotto.v1.Tombstone.$Properties
             * @property {Uint8Array|null} [deviceId] Tombstone deviceId
             * @property {number|null} [day] Tombstone day
             * @property {sotto.v1.TombstoneReason|null} [reason] Tombstone reason
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Tombstone.
             * @memberof sotto.v1
             * @interface ITombstone
             * @augments sotto.v1.Tombstone.$Properties
             * @deprecated Use sotto.v1.Tombstone.$Properties instead.
             */

            /**
             * Shape of a Tombstone.
             * @typedef {sotto.v1.Tombstone.$Properties} sotto.v1.Tombstone.$Shape
             */

            /**
             * Constructs a new Tombstone.
             * @memberof sotto.v1
             * @classdesc Represents a Tombstone.
             * @constructor
             * @param {sotto.v1.Tombstone.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Tombstone = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Tombstone deviceId.
             * @member {Uint8Array} deviceId
             * @memberof sotto.v1.Tombstone
             * @instance
             */
            Tombstone.prototype.deviceId = $util.newBuffer([]);

            /**
             * Tombstone day.
             * @member {number} day
             * @memberof sotto.v1.Tombstone
             * @instance
             */
            Tombstone.prototype.day = 0;

            /**
             * Tombstone reason.
             * @member {sotto.v1.TombstoneReason} reason
             * @memberof sotto.v1.Tombstone
             * @instance
             */
            Tombstone.prototype.reason = 0;

            /**
             * Encodes the specified Tombstone message. Does not implicitly {@link sotto.v1.Tombstone.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.Tombstone
             * @static
             * @param {sotto.v1.Tombstone.$Properties} message Tombstone message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Tombstone.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.deviceId != null && $Object.hasOwnProperty.call(message, "deviceId") && message.deviceId.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.deviceId);
                if (message.day != null && $Object.hasOwnProperty.call(message, "day") && message.day !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.day);
                if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).int32(message.reason);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Tombstone message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.Tombstone
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.Tombstone & sotto.v1.Tombstone.$Shape} Tombstone
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Tombstone.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.Tombstone();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.deviceId = value;
                            else
                                delete message.deviceId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.day = value;
                            else
                                delete message.day;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.reason = value;
                            else
                                delete message.reason;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Tombstone;
        })();

        v1.DeviceChain = (function() {

            /**
             * Properties of a DeviceChain.
             * @typedef {Object} sotto.v1.DeviceChain.$Properties
             * @property {Uint8Array|null} [accountId] DeviceChain accountId
             * @property {number|null} [listVersion] DeviceChain listVersion
             * @property {Array.<sotto.v1.SignedList.$Properties>|null} [lists] DeviceChain lists
             * @property {Array.<sotto.v1.Tombstone.$Properties>|null} [tombstones] DeviceChain tombstones
             * @property {boolean|null} [more] DeviceChain more
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a DeviceChain.
             * @memberof sotto.v1
             * @interface IDeviceChain
             * @augments sotto.v1.DeviceChain.$Properties
             * @deprecated Use sotto.v1.DeviceChain.$Properties instead.
             */

            /**
             * Shape of a DeviceChain.
             * @typedef {sotto.v1.DeviceChain.$Properties} sotto.v1.DeviceChain.$Shape
             */

            /**
             * Constructs a new DeviceChain.
             * @memberof sotto.v1
             * @classdesc Represents a DeviceChain.
             * @constructor
             * @param {sotto.v1.DeviceChain.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const DeviceChain = function (properties) {
                this.lists = [];
                this.tombstones = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * DeviceChain accountId.
             * @member {Uint8Array} accountId
             * @memberof sotto.v1.DeviceChain
             * @instance
             */
            DeviceChain.prototype.accountId = $util.newBuffer([]);

            /**
             * DeviceChain listVersion.
             * @member {number} listVersion
             * @memberof sotto.v1.DeviceChain
             * @instance
             */
            DeviceChain.prototype.listVersion = 0;

            /**
             * DeviceChain lists.
             * @member {Array.<sotto.v1.SignedList.$Properties>} lists
             * @memberof sotto.v1.DeviceChain
             * @instance
             */
            DeviceChain.prototype.lists = $util.emptyArray;

            /**
             * DeviceChain tombstones.
             * @member {Array.<sotto.v1.Tombstone.$Properties>} tombstones
             * @memberof sotto.v1.DeviceChain
             * @instance
             */
            DeviceChain.prototype.tombstones = $util.emptyArray;

            /**
             * DeviceChain more.
             * @member {boolean} more
             * @memberof sotto.v1.DeviceChain
             * @instance
             */
            DeviceChain.prototype.more = false;

            /**
             * Encodes the specified DeviceChain message. Does not implicitly {@link sotto.v1.DeviceChain.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.DeviceChain
             * @static
             * @param {sotto.v1.DeviceChain.$Properties} message DeviceChain message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            DeviceChain.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.accountId != null && $Object.hasOwnProperty.call(message, "accountId") && message.accountId.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.accountId);
                if (message.listVersion != null && $Object.hasOwnProperty.call(message, "listVersion") && message.listVersion !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.listVersion);
                if (message.lists != null && message.lists.length)
                    for (let i = 0; i < message.lists.length; ++i)
                        $root.sotto.v1.SignedList.encode(message.lists[i], writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.tombstones != null && message.tombstones.length)
                    for (let i = 0; i < message.tombstones.length; ++i)
                        $root.sotto.v1.Tombstone.encode(message.tombstones[i], writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.more != null && $Object.hasOwnProperty.call(message, "more") && message.more !== false)
                    writer.uint32(/* id 5, wireType 0 =*/40).bool(message.more);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a DeviceChain message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.DeviceChain
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.DeviceChain & sotto.v1.DeviceChain.$Shape} DeviceChain
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            DeviceChain.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.DeviceChain();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.accountId = value;
                            else
                                delete message.accountId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.listVersion = value;
                            else
                                delete message.listVersion;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.lists && message.lists.length))
                                message.lists = [];
                            message.lists.push($root.sotto.v1.SignedList.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if (!(message.tombstones && message.tombstones.length))
                                message.tombstones = [];
                            message.tombstones.push($root.sotto.v1.Tombstone.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.more = value;
                            else
                                delete message.more;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return DeviceChain;
        })();

        v1.Enrolment = (function() {

            /**
             * Properties of an Enrolment.
             * @typedef {Object} sotto.v1.Enrolment.$Properties
             * @property {string|null} [code] Enrolment code
             * @property {sotto.v1.SignedList.$Properties|null} [list] Enrolment list
             * @property {sotto.v1.DeviceRegistration.$Properties|null} [registration] Enrolment registration
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Enrolment.
             * @memberof sotto.v1
             * @interface IEnrolment
             * @augments sotto.v1.Enrolment.$Properties
             * @deprecated Use sotto.v1.Enrolment.$Properties instead.
             */

            /**
             * Shape of an Enrolment.
             * @typedef {sotto.v1.Enrolment.$Properties} sotto.v1.Enrolment.$Shape
             */

            /**
             * Constructs a new Enrolment.
             * @memberof sotto.v1
             * @classdesc Represents an Enrolment.
             * @constructor
             * @param {sotto.v1.Enrolment.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Enrolment = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Enrolment code.
             * @member {string} code
             * @memberof sotto.v1.Enrolment
             * @instance
             */
            Enrolment.prototype.code = "";

            /**
             * Enrolment list.
             * @member {sotto.v1.SignedList.$Properties|null|undefined} list
             * @memberof sotto.v1.Enrolment
             * @instance
             */
            Enrolment.prototype.list = null;

            /**
             * Enrolment registration.
             * @member {sotto.v1.DeviceRegistration.$Properties|null|undefined} registration
             * @memberof sotto.v1.Enrolment
             * @instance
             */
            Enrolment.prototype.registration = null;

            /**
             * Encodes the specified Enrolment message. Does not implicitly {@link sotto.v1.Enrolment.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.Enrolment
             * @static
             * @param {sotto.v1.Enrolment.$Properties} message Enrolment message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Enrolment.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.code != null && $Object.hasOwnProperty.call(message, "code") && message.code !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.code);
                if (message.list != null && $Object.hasOwnProperty.call(message, "list"))
                    $root.sotto.v1.SignedList.encode(message.list, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.registration != null && $Object.hasOwnProperty.call(message, "registration"))
                    $root.sotto.v1.DeviceRegistration.encode(message.registration, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Enrolment message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.Enrolment
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.Enrolment & sotto.v1.Enrolment.$Shape} Enrolment
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Enrolment.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.Enrolment();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.code = value;
                            else
                                delete message.code;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.list = $root.sotto.v1.SignedList.decode(reader, reader.size(), $undefined, _depth + 1, message.list);
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.registration = $root.sotto.v1.DeviceRegistration.decode(reader, reader.size(), $undefined, _depth + 1, message.registration);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Enrolment;
        })();

        v1.Link = (function() {

            /**
             * Properties of a Link.
             * @typedef {Object} sotto.v1.Link.$Properties
             * @property {Uint8Array|null} [session] Link session
             * @property {sotto.v1.LinkOpened.$Properties|null} [opened] Link opened
             * @property {sotto.v1.LinkClaim.$Properties|null} [claim] Link claim
             * @property {sotto.v1.LinkClaimed.$Properties|null} [claimed] Link claimed
             * @property {Uint8Array|null} [sealed] Link sealed
             * @property {sotto.v1.DeviceRegistration.$Properties|null} [register] Link register
             * @property {sotto.v1.LinkRegistered.$Properties|null} [registered] Link registered
             * @property {sotto.v1.LinkEnded.$Properties|null} [ended] Link ended
             * @property {"opened"|"claim"|"claimed"|"sealed"|"register"|"registered"|"ended"} [step] Link step
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Link.
             * @memberof sotto.v1
             * @interface ILink
             * @augments sotto.v1.Link.$Properties
             * @deprecated Use sotto.v1.Link.$Properties instead.
             */

            /**
             * Narrowed shape of a Link.
             * @typedef {{
             *   session?: Uint8Array|null;
             *   opened?: sotto.v1.LinkOpened.$Shape|null;
             *   claim?: sotto.v1.LinkClaim.$Shape|null;
             *   claimed?: sotto.v1.LinkClaimed.$Shape|null;
             *   sealed?: Uint8Array|null;
             *   register?: sotto.v1.DeviceRegistration.$Shape|null;
             *   registered?: sotto.v1.LinkRegistered.$Shape|null;
             *   ended?: sotto.v1.LinkEnded.$Shape|null;
             *   $unknowns?: Array.<Uint8Array>;
             * } & (
             *   ({ step?: undefined; opened?: null; claim?: null; claimed?: null; sealed?: null; register?: null; registered?: null; ended?: null }|{ step?: "opened"; opened: sotto.v1.LinkOpened.$Shape; claim?: null; claimed?: null; sealed?: null; register?: null; registered?: null; ended?: null }|{ step?: "claim"; opened?: null; claim: sotto.v1.LinkClaim.$Shape; claimed?: null; sealed?: null; register?: null; registered?: null; ended?: null }|{ step?: "claimed"; opened?: null; claim?: null; claimed: sotto.v1.LinkClaimed.$Shape; sealed?: null; register?: null; registered?: null; ended?: null }|{ step?: "sealed"; opened?: null; claim?: null; claimed?: null; sealed: Uint8Array; register?: null; registered?: null; ended?: null }|{ step?: "register"; opened?: null; claim?: null; claimed?: null; sealed?: null; register: sotto.v1.DeviceRegistration.$Shape; registered?: null; ended?: null }|{ step?: "registered"; opened?: null; claim?: null; claimed?: null; sealed?: null; register?: null; registered: sotto.v1.LinkRegistered.$Shape; ended?: null }|{ step?: "ended"; opened?: null; claim?: null; claimed?: null; sealed?: null; register?: null; registered?: null; ended: sotto.v1.LinkEnded.$Shape })
             * )} sotto.v1.Link.$Shape
             */

            /**
             * Constructs a new Link.
             * @memberof sotto.v1
             * @classdesc Represents a Link.
             * @constructor
             * @param {sotto.v1.Link.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Link = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Link session.
             * @member {Uint8Array} session
             * @memberof sotto.v1.Link
             * @instance
             */
            Link.prototype.session = $util.newBuffer([]);

            /**
             * Link opened.
             * @member {sotto.v1.LinkOpened.$Properties|null|undefined} opened
             * @memberof sotto.v1.Link
             * @instance
             */
            Link.prototype.opened = null;

            /**
             * Link claim.
             * @member {sotto.v1.LinkClaim.$Properties|null|undefined} claim
             * @memberof sotto.v1.Link
             * @instance
             */
            Link.prototype.claim = null;

            /**
             * Link claimed.
             * @member {sotto.v1.LinkClaimed.$Properties|null|undefined} claimed
             * @memberof sotto.v1.Link
             * @instance
             */
            Link.prototype.claimed = null;

            /**
             * Link sealed.
             * @member {Uint8Array|null|undefined} sealed
             * @memberof sotto.v1.Link
             * @instance
             */
            Link.prototype.sealed = null;

            /**
             * Link register.
             * @member {sotto.v1.DeviceRegistration.$Properties|null|undefined} register
             * @memberof sotto.v1.Link
             * @instance
             */
            Link.prototype.register = null;

            /**
             * Link registered.
             * @member {sotto.v1.LinkRegistered.$Properties|null|undefined} registered
             * @memberof sotto.v1.Link
             * @instance
             */
            Link.prototype.registered = null;

            /**
             * Link ended.
             * @member {sotto.v1.LinkEnded.$Properties|null|undefined} ended
             * @memberof sotto.v1.Link
             * @instance
             */
            Link.prototype.ended = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            /**
             * Link step.
             * @member {"opened"|"claim"|"claimed"|"sealed"|"register"|"registered"|"ended"|undefined} step
             * @memberof sotto.v1.Link
             * @instance
             */
            $Object.defineProperty(Link.prototype, "step", {
                get: $util.oneOfGetter($oneOfFields = ["opened", "claim", "claimed", "sealed", "register", "registered", "ended"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified Link message. Does not implicitly {@link sotto.v1.Link.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.Link
             * @static
             * @param {sotto.v1.Link.$Properties} message Link message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Link.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.session != null && $Object.hasOwnProperty.call(message, "session") && message.session.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.session);
                if (message.opened != null && $Object.hasOwnProperty.call(message, "opened"))
                    $root.sotto.v1.LinkOpened.encode(message.opened, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.claim != null && $Object.hasOwnProperty.call(message, "claim"))
                    $root.sotto.v1.LinkClaim.encode(message.claim, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.claimed != null && $Object.hasOwnProperty.call(message, "claimed"))
                    $root.sotto.v1.LinkClaimed.encode(message.claimed, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.sealed != null && $Object.hasOwnProperty.call(message, "sealed"))
                    writer.uint32(/* id 5, wireType 2 =*/42).bytes(message.sealed);
                if (message.register != null && $Object.hasOwnProperty.call(message, "register"))
                    $root.sotto.v1.DeviceRegistration.encode(message.register, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.registered != null && $Object.hasOwnProperty.call(message, "registered"))
                    $root.sotto.v1.LinkRegistered.encode(message.registered, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.ended != null && $Object.hasOwnProperty.call(message, "ended"))
                    $root.sotto.v1.LinkEnded.encode(message.ended, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Link message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.Link
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.Link & sotto.v1.Link.$Shape} Link
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Link.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.Link();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.session = value;
                            else
                                delete message.session;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.opened = $root.sotto.v1.LinkOpened.decode(reader, reader.size(), $undefined, _depth + 1, message.opened);
                            message.step = "opened";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.claim = $root.sotto.v1.LinkClaim.decode(reader, reader.size(), $undefined, _depth + 1, message.claim);
                            message.step = "claim";
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.claimed = $root.sotto.v1.LinkClaimed.decode(reader, reader.size(), $undefined, _depth + 1, message.claimed);
                            message.step = "claimed";
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.sealed = reader.bytes();
                            message.step = "sealed";
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.register = $root.sotto.v1.DeviceRegistration.decode(reader, reader.size(), $undefined, _depth + 1, message.register);
                            message.step = "register";
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.registered = $root.sotto.v1.LinkRegistered.decode(reader, reader.size(), $undefined, _depth + 1, message.registered);
                            message.step = "registered";
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.ended = $root.sotto.v1.LinkEnded.decode(reader, reader.size(), $undefined, _depth + 1, message.ended);
                            message.step = "ended";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Link;
        })();

        v1.LinkOpened = (function() {

            /**
             * Properties of a LinkOpened.
             * @typedef {Object} sotto.v1.LinkOpened.$Properties
             * @property {number|null} [expiresAt] LinkOpened expiresAt
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a LinkOpened.
             * @memberof sotto.v1
             * @interface ILinkOpened
             * @augments sotto.v1.LinkOpened.$Properties
             * @deprecated Use sotto.v1.LinkOpened.$Properties instead.
             */

            /**
             * Shape of a LinkOpened.
             * @typedef {sotto.v1.LinkOpened.$Properties} sotto.v1.LinkOpened.$Shape
             */

            /**
             * Constructs a new LinkOpened.
             * @memberof sotto.v1
             * @classdesc Represents a LinkOpened.
             * @constructor
             * @param {sotto.v1.LinkOpened.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const LinkOpened = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * LinkOpened expiresAt.
             * @member {number} expiresAt
             * @memberof sotto.v1.LinkOpened
             * @instance
             */
            LinkOpened.prototype.expiresAt = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Encodes the specified LinkOpened message. Does not implicitly {@link sotto.v1.LinkOpened.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.LinkOpened
             * @static
             * @param {sotto.v1.LinkOpened.$Properties} message LinkOpened message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            LinkOpened.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.expiresAt != null && $Object.hasOwnProperty.call(message, "expiresAt") && (typeof message.expiresAt === "object" ? message.expiresAt.low || message.expiresAt.high : message.expiresAt !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.expiresAt);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a LinkOpened message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.LinkOpened
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.LinkOpened & sotto.v1.LinkOpened.$Shape} LinkOpened
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            LinkOpened.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.LinkOpened();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.expiresAt = value;
                            else
                                delete message.expiresAt;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return LinkOpened;
        })();

        v1.LinkClaim = (function() {

            /**
             * Properties of a LinkClaim.
             * @typedef {Object} sotto.v1.LinkClaim.$Properties
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a LinkClaim.
             * @memberof sotto.v1
             * @interface ILinkClaim
             * @augments sotto.v1.LinkClaim.$Properties
             * @deprecated Use sotto.v1.LinkClaim.$Properties instead.
             */

            /**
             * Shape of a LinkClaim.
             * @typedef {sotto.v1.LinkClaim.$Properties} sotto.v1.LinkClaim.$Shape
             */

            /**
             * Constructs a new LinkClaim.
             * @memberof sotto.v1
             * @classdesc Represents a LinkClaim.
             * @constructor
             * @param {sotto.v1.LinkClaim.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const LinkClaim = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Encodes the specified LinkClaim message. Does not implicitly {@link sotto.v1.LinkClaim.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.LinkClaim
             * @static
             * @param {sotto.v1.LinkClaim.$Properties} message LinkClaim message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            LinkClaim.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a LinkClaim message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.LinkClaim
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.LinkClaim & sotto.v1.LinkClaim.$Shape} LinkClaim
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            LinkClaim.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.LinkClaim();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return LinkClaim;
        })();

        v1.LinkClaimed = (function() {

            /**
             * Properties of a LinkClaimed.
             * @typedef {Object} sotto.v1.LinkClaimed.$Properties
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a LinkClaimed.
             * @memberof sotto.v1
             * @interface ILinkClaimed
             * @augments sotto.v1.LinkClaimed.$Properties
             * @deprecated Use sotto.v1.LinkClaimed.$Properties instead.
             */

            /**
             * Shape of a LinkClaimed.
             * @typedef {sotto.v1.LinkClaimed.$Properties} sotto.v1.LinkClaimed.$Shape
             */

            /**
             * Constructs a new LinkClaimed.
             * @memberof sotto.v1
             * @classdesc Represents a LinkClaimed.
             * @constructor
             * @param {sotto.v1.LinkClaimed.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const LinkClaimed = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Encodes the specified LinkClaimed message. Does not implicitly {@link sotto.v1.LinkClaimed.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.LinkClaimed
             * @static
             * @param {sotto.v1.LinkClaimed.$Properties} message LinkClaimed message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            LinkClaimed.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a LinkClaimed message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.LinkClaimed
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.LinkClaimed & sotto.v1.LinkClaimed.$Shape} LinkClaimed
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            LinkClaimed.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.LinkClaimed();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return LinkClaimed;
        })();

        v1.LinkRegistered = (function() {

            /**
             * Properties of a LinkRegistered.
             * @typedef {Object} sotto.v1.LinkRegistered.$Properties
             * @property {number|null} [approvalUntil] LinkRegistered approvalUntil
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a LinkRegistered.
             * @memberof sotto.v1
             * @interface ILinkRegistered
             * @augments sotto.v1.LinkRegistered.$Properties
             * @deprecated Use sotto.v1.LinkRegistered.$Properties instead.
             */

            /**
             * Shape of a LinkRegistered.
             * @typedef {sotto.v1.LinkRegistered.$Properties} sotto.v1.LinkRegistered.$Shape
             */

            /**
             * Constructs a new LinkRegistered.
             * @memberof sotto.v1
             * @classdesc Represents a LinkRegistered.
             * @constructor
             * @param {sotto.v1.LinkRegistered.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const LinkRegistered = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * LinkRegistered approvalUntil.
             * @member {number} approvalUntil
             * @memberof sotto.v1.LinkRegistered
             * @instance
             */
            LinkRegistered.prototype.approvalUntil = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Encodes the specified LinkRegistered message. Does not implicitly {@link sotto.v1.LinkRegistered.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.LinkRegistered
             * @static
             * @param {sotto.v1.LinkRegistered.$Properties} message LinkRegistered message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            LinkRegistered.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.approvalUntil != null && $Object.hasOwnProperty.call(message, "approvalUntil") && (typeof message.approvalUntil === "object" ? message.approvalUntil.low || message.approvalUntil.high : message.approvalUntil !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.approvalUntil);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a LinkRegistered message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.LinkRegistered
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.LinkRegistered & sotto.v1.LinkRegistered.$Shape} LinkRegistered
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            LinkRegistered.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.LinkRegistered();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.approvalUntil = value;
                            else
                                delete message.approvalUntil;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return LinkRegistered;
        })();

        v1.LinkEnded = (function() {

            /**
             * Properties of a LinkEnded.
             * @typedef {Object} sotto.v1.LinkEnded.$Properties
             * @property {string|null} [reason] LinkEnded reason
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a LinkEnded.
             * @memberof sotto.v1
             * @interface ILinkEnded
             * @augments sotto.v1.LinkEnded.$Properties
             * @deprecated Use sotto.v1.LinkEnded.$Properties instead.
             */

            /**
             * Shape of a LinkEnded.
             * @typedef {sotto.v1.LinkEnded.$Properties} sotto.v1.LinkEnded.$Shape
             */

            /**
             * Constructs a new LinkEnded.
             * @memberof sotto.v1
             * @classdesc Represents a LinkEnded.
             * @constructor
             * @param {sotto.v1.LinkEnded.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const LinkEnded = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * LinkEnded reason.
             * @member {string} reason
             * @memberof sotto.v1.LinkEnded
             * @instance
             */
            LinkEnded.prototype.reason = "";

            /**
             * Encodes the specified LinkEnded message. Does not implicitly {@link sotto.v1.LinkEnded.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.LinkEnded
             * @static
             * @param {sotto.v1.LinkEnded.$Properties} message LinkEnded message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            LinkEnded.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.reason);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a LinkEnded message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.LinkEnded
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.LinkEnded & sotto.v1.LinkEnded.$Shape} LinkEnded
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            LinkEnded.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.LinkEnded();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.reason = value;
                            else
                                delete message.reason;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return LinkEnded;
        })();

        v1.LinkHello = (function() {

            /**
             * Properties of a LinkHello.
             * @typedef {Object} sotto.v1.LinkHello.$Properties
             * @property {Uint8Array|null} [deviceId] LinkHello deviceId
             * @property {Uint8Array|null} [identityKey] LinkHello identityKey
             * @property {Uint8Array|null} [authKey] LinkHello authKey
             * @property {string|null} [platform] LinkHello platform
             * @property {string|null} [name] LinkHello name
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a LinkHello.
             * @memberof sotto.v1
             * @interface ILinkHello
             * @augments sotto.v1.LinkHello.$Properties
             * @deprecated Use sotto.v1.LinkHello.$Properties instead.
             */

            /**
             * Shape of a LinkHello.
             * @typedef {sotto.v1.LinkHello.$Properties} sotto.v1.LinkHello.$Shape
             */

            /**
             * Constructs a new LinkHello.
             * @memberof sotto.v1
             * @classdesc Represents a LinkHello.
             * @constructor
             * @param {sotto.v1.LinkHello.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const LinkHello = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * LinkHello deviceId.
             * @member {Uint8Array} deviceId
             * @memberof sotto.v1.LinkHello
             * @instance
             */
            LinkHello.prototype.deviceId = $util.newBuffer([]);

            /**
             * LinkHello identityKey.
             * @member {Uint8Array} identityKey
             * @memberof sotto.v1.LinkHello
             * @instance
             */
            LinkHello.prototype.identityKey = $util.newBuffer([]);

            /**
             * LinkHello authKey.
             * @member {Uint8Array} authKey
             * @memberof sotto.v1.LinkHello
             * @instance
             */
            LinkHello.prototype.authKey = $util.newBuffer([]);

            /**
             * LinkHello platform.
             * @member {string} platform
             * @memberof sotto.v1.LinkHello
             * @instance
             */
            LinkHello.prototype.platform = "";

            /**
             * LinkHello name.
             * @member {string} name
             * @memberof sotto.v1.LinkHello
             * @instance
             */
            LinkHello.prototype.name = "";

            /**
             * Encodes the specified LinkHello message. Does not implicitly {@link sotto.v1.LinkHello.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.LinkHello
             * @static
             * @param {sotto.v1.LinkHello.$Properties} message LinkHello message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            LinkHello.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.deviceId != null && $Object.hasOwnProperty.call(message, "deviceId") && message.deviceId.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.deviceId);
                if (message.identityKey != null && $Object.hasOwnProperty.call(message, "identityKey") && message.identityKey.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.identityKey);
                if (message.authKey != null && $Object.hasOwnProperty.call(message, "authKey") && message.authKey.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.authKey);
                if (message.platform != null && $Object.hasOwnProperty.call(message, "platform") && message.platform !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.platform);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 5, wireType 2 =*/42).string(message.name);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a LinkHello message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.LinkHello
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.LinkHello & sotto.v1.LinkHello.$Shape} LinkHello
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            LinkHello.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.LinkHello();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.deviceId = value;
                            else
                                delete message.deviceId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.identityKey = value;
                            else
                                delete message.identityKey;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.authKey = value;
                            else
                                delete message.authKey;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.platform = value;
                            else
                                delete message.platform;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return LinkHello;
        })();

        v1.LinkAccount = (function() {

            /**
             * Properties of a LinkAccount.
             * @typedef {Object} sotto.v1.LinkAccount.$Properties
             * @property {Uint8Array|null} [tenantId] LinkAccount tenantId
             * @property {Uint8Array|null} [accountId] LinkAccount accountId
             * @property {Uint8Array|null} [accountKey] LinkAccount accountKey
             * @property {sotto.v1.DeviceChain.$Properties|null} [chain] LinkAccount chain
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a LinkAccount.
             * @memberof sotto.v1
             * @interface ILinkAccount
             * @augments sotto.v1.LinkAccount.$Properties
             * @deprecated Use sotto.v1.LinkAccount.$Properties instead.
             */

            /**
             * Shape of a LinkAccount.
             * @typedef {sotto.v1.LinkAccount.$Properties} sotto.v1.LinkAccount.$Shape
             */

            /**
             * Constructs a new LinkAccount.
             * @memberof sotto.v1
             * @classdesc Represents a LinkAccount.
             * @constructor
             * @param {sotto.v1.LinkAccount.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const LinkAccount = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * LinkAccount tenantId.
             * @member {Uint8Array} tenantId
             * @memberof sotto.v1.LinkAccount
             * @instance
             */
            LinkAccount.prototype.tenantId = $util.newBuffer([]);

            /**
             * LinkAccount accountId.
             * @member {Uint8Array} accountId
             * @memberof sotto.v1.LinkAccount
             * @instance
             */
            LinkAccount.prototype.accountId = $util.newBuffer([]);

            /**
             * LinkAccount accountKey.
             * @member {Uint8Array} accountKey
             * @memberof sotto.v1.LinkAccount
             * @instance
             */
            LinkAccount.prototype.accountKey = $util.newBuffer([]);

            /**
             * LinkAccount chain.
             * @member {sotto.v1.DeviceChain.$Properties|null|undefined} chain
             * @memberof sotto.v1.LinkAccount
             * @instance
             */
            LinkAccount.prototype.chain = null;

            /**
             * Encodes the specified LinkAccount message. Does not implicitly {@link sotto.v1.LinkAccount.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.LinkAccount
             * @static
             * @param {sotto.v1.LinkAccount.$Properties} message LinkAccount message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            LinkAccount.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.tenantId != null && $Object.hasOwnProperty.call(message, "tenantId") && message.tenantId.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.tenantId);
                if (message.accountId != null && $Object.hasOwnProperty.call(message, "accountId") && message.accountId.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.accountId);
                if (message.accountKey != null && $Object.hasOwnProperty.call(message, "accountKey") && message.accountKey.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.accountKey);
                if (message.chain != null && $Object.hasOwnProperty.call(message, "chain"))
                    $root.sotto.v1.DeviceChain.encode(message.chain, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a LinkAccount message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.LinkAccount
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.LinkAccount & sotto.v1.LinkAccount.$Shape} LinkAccount
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            LinkAccount.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.LinkAccount();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.tenantId = value;
                            else
                                delete message.tenantId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.accountId = value;
                            else
                                delete message.accountId;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.accountKey = value;
                            else
                                delete message.accountKey;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.chain = $root.sotto.v1.DeviceChain.decode(reader, reader.size(), $undefined, _depth + 1, message.chain);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return LinkAccount;
        })();

        v1.LinkStatement = (function() {

            /**
             * Properties of a LinkStatement.
             * @typedef {Object} sotto.v1.LinkStatement.$Properties
             * @property {Uint8Array|null} [signature] LinkStatement signature
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a LinkStatement.
             * @memberof sotto.v1
             * @interface ILinkStatement
             * @augments sotto.v1.LinkStatement.$Properties
             * @deprecated Use sotto.v1.LinkStatement.$Properties instead.
             */

            /**
             * Shape of a LinkStatement.
             * @typedef {sotto.v1.LinkStatement.$Properties} sotto.v1.LinkStatement.$Shape
             */

            /**
             * Constructs a new LinkStatement.
             * @memberof sotto.v1
             * @classdesc Represents a LinkStatement.
             * @constructor
             * @param {sotto.v1.LinkStatement.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const LinkStatement = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * LinkStatement signature.
             * @member {Uint8Array} signature
             * @memberof sotto.v1.LinkStatement
             * @instance
             */
            LinkStatement.prototype.signature = $util.newBuffer([]);

            /**
             * Encodes the specified LinkStatement message. Does not implicitly {@link sotto.v1.LinkStatement.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.LinkStatement
             * @static
             * @param {sotto.v1.LinkStatement.$Properties} message LinkStatement message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            LinkStatement.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.signature);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a LinkStatement message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.LinkStatement
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.LinkStatement & sotto.v1.LinkStatement.$Shape} LinkStatement
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            LinkStatement.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.LinkStatement();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.signature = value;
                            else
                                delete message.signature;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return LinkStatement;
        })();

        v1.LinkDone = (function() {

            /**
             * Properties of a LinkDone.
             * @typedef {Object} sotto.v1.LinkDone.$Properties
             * @property {sotto.v1.SignedList.$Properties|null} [list] LinkDone list
             * @property {string|null} [refused] LinkDone refused
             * @property {number|null} [waitingUntil] LinkDone waitingUntil
             * @property {number|null} [listVersion] LinkDone listVersion
             * @property {"list"|"refused"|"waitingUntil"} [result] LinkDone result
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a LinkDone.
             * @memberof sotto.v1
             * @interface ILinkDone
             * @augments sotto.v1.LinkDone.$Properties
             * @deprecated Use sotto.v1.LinkDone.$Properties instead.
             */

            /**
             * Narrowed shape of a LinkDone.
             * @typedef {{
             *   list?: sotto.v1.SignedList.$Shape|null;
             *   refused?: string|null;
             *   waitingUntil?: number|null;
             *   listVersion?: number|null;
             *   $unknowns?: Array.<Uint8Array>;
             * } & (
             *   ({ result?: undefined; list?: null; refused?: null; waitingUntil?: null }|{ result?: "list"; list: sotto.v1.SignedList.$Shape; refused?: null; waitingUntil?: null }|{ result?: "refused"; list?: null; refused: string; waitingUntil?: null }|{ result?: "waitingUntil"; list?: null; refused?: null; waitingUntil: number })
             * )} sotto.v1.LinkDone.$Shape
             */

            /**
             * Constructs a new LinkDone.
             * @memberof sotto.v1
             * @classdesc Represents a LinkDone.
             * @constructor
             * @param {sotto.v1.LinkDone.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const LinkDone = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * LinkDone list.
             * @member {sotto.v1.SignedList.$Properties|null|undefined} list
             * @memberof sotto.v1.LinkDone
             * @instance
             */
            LinkDone.prototype.list = null;

            /**
             * LinkDone refused.
             * @member {string|null|undefined} refused
             * @memberof sotto.v1.LinkDone
             * @instance
             */
            LinkDone.prototype.refused = null;

            /**
             * LinkDone waitingUntil.
             * @member {number|null|undefined} waitingUntil
             * @memberof sotto.v1.LinkDone
             * @instance
             */
            LinkDone.prototype.waitingUntil = null;

            /**
             * LinkDone listVersion.
             * @member {number} listVersion
             * @memberof sotto.v1.LinkDone
             * @instance
             */
            LinkDone.prototype.listVersion = 0;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            /**
             * LinkDone result.
             * @member {"list"|"refused"|"waitingUntil"|undefined} result
             * @memberof sotto.v1.LinkDone
             * @instance
             */
            $Object.defineProperty(LinkDone.prototype, "result", {
                get: $util.oneOfGetter($oneOfFields = ["list", "refused", "waitingUntil"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified LinkDone message. Does not implicitly {@link sotto.v1.LinkDone.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.LinkDone
             * @static
             * @param {sotto.v1.LinkDone.$Properties} message LinkDone message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            LinkDone.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.list != null && $Object.hasOwnProperty.call(message, "list"))
                    $root.sotto.v1.SignedList.encode(message.list, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.refused != null && $Object.hasOwnProperty.call(message, "refused"))
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.refused);
                if (message.listVersion != null && $Object.hasOwnProperty.call(message, "listVersion") && message.listVersion !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.listVersion);
                if (message.waitingUntil != null && $Object.hasOwnProperty.call(message, "waitingUntil"))
                    writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.waitingUntil);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a LinkDone message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.LinkDone
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.LinkDone & sotto.v1.LinkDone.$Shape} LinkDone
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            LinkDone.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.LinkDone();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.list = $root.sotto.v1.SignedList.decode(reader, reader.size(), $undefined, _depth + 1, message.list);
                            message.result = "list";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.refused = reader.stringVerify();
                            message.result = "refused";
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            message.waitingUntil = reader.uint64();
                            message.result = "waitingUntil";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.listVersion = value;
                            else
                                delete message.listVersion;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return LinkDone;
        })();

        v1.Content = (function() {

            /**
             * Properties of a Content.
             * @typedef {Object} sotto.v1.Content.$Properties
             * @property {sotto.v1.AccountState.$Properties|null} [sender] Content sender
             * @property {sotto.v1.AccountState.$Properties|null} [recipient] Content recipient
             * @property {Uint8Array|null} [messageId] Content messageId
             * @property {number|null} [sentAt] Content sentAt
             * @property {sotto.v1.Text.$Properties|null} [text] Content text
             * @property {sotto.v1.SentCopy.$Properties|null} [sent] Content sent
             * @property {"text"|"sent"} [body] Content body
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Content.
             * @memberof sotto.v1
             * @interface IContent
             * @augments sotto.v1.Content.$Properties
             * @deprecated Use sotto.v1.Content.$Properties instead.
             */

            /**
             * Narrowed shape of a Content.
             * @typedef {{
             *   sender?: sotto.v1.AccountState.$Shape|null;
             *   recipient?: sotto.v1.AccountState.$Shape|null;
             *   messageId?: Uint8Array|null;
             *   sentAt?: number|null;
             *   text?: sotto.v1.Text.$Shape|null;
             *   sent?: sotto.v1.SentCopy.$Shape|null;
             *   $unknowns?: Array.<Uint8Array>;
             * } & (
             *   ({ body?: undefined; text?: null; sent?: null }|{ body?: "text"; text: sotto.v1.Text.$Shape; sent?: null }|{ body?: "sent"; text?: null; sent: sotto.v1.SentCopy.$Shape })
             * )} sotto.v1.Content.$Shape
             */

            /**
             * Constructs a new Content.
             * @memberof sotto.v1
             * @classdesc Represents a Content.
             * @constructor
             * @param {sotto.v1.Content.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Content = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Content sender.
             * @member {sotto.v1.AccountState.$Properties|null|undefined} sender
             * @memberof sotto.v1.Content
             * @instance
             */
            Content.prototype.sender = null;

            /**
             * Content recipient.
             * @member {sotto.v1.AccountState.$Properties|null|undefined} recipient
             * @memberof sotto.v1.Content
             * @instance
             */
            Content.prototype.recipient = null;

            /**
             * Content messageId.
             * @member {Uint8Array} messageId
             * @memberof sotto.v1.Content
             * @instance
             */
            Content.prototype.messageId = $util.newBuffer([]);

            /**
             * Content sentAt.
             * @member {number} sentAt
             * @memberof sotto.v1.Content
             * @instance
             */
            Content.prototype.sentAt = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Content text.
             * @member {sotto.v1.Text.$Properties|null|undefined} text
             * @memberof sotto.v1.Content
             * @instance
             */
            Content.prototype.text = null;

            /**
             * Content sent.
             * @member {sotto.v1.SentCopy.$Properties|null|undefined} sent
             * @memberof sotto.v1.Content
             * @instance
             */
            Content.prototype.sent = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            /**
             * Content body.
             * @member {"text"|"sent"|undefined} body
             * @memberof sotto.v1.Content
             * @instance
             */
            $Object.defineProperty(Content.prototype, "body", {
                get: $util.oneOfGetter($oneOfFields = ["text", "sent"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified Content message. Does not implicitly {@link sotto.v1.Content.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.Content
             * @static
             * @param {sotto.v1.Content.$Properties} message Content message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Content.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.sender != null && $Object.hasOwnProperty.call(message, "sender"))
                    $root.sotto.v1.AccountState.encode(message.sender, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.recipient != null && $Object.hasOwnProperty.call(message, "recipient"))
                    $root.sotto.v1.AccountState.encode(message.recipient, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.messageId != null && $Object.hasOwnProperty.call(message, "messageId") && message.messageId.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.messageId);
                if (message.sentAt != null && $Object.hasOwnProperty.call(message, "sentAt") && (typeof message.sentAt === "object" ? message.sentAt.low || message.sentAt.high : message.sentAt !== 0))
                    writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.sentAt);
                if (message.text != null && $Object.hasOwnProperty.call(message, "text"))
                    $root.sotto.v1.Text.encode(message.text, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.sent != null && $Object.hasOwnProperty.call(message, "sent"))
                    $root.sotto.v1.SentCopy.encode(message.sent, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Content message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.Content
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.Content & sotto.v1.Content.$Shape} Content
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Content.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.Content();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.sender = $root.sotto.v1.AccountState.decode(reader, reader.size(), $undefined, _depth + 1, message.sender);
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.recipient = $root.sotto.v1.AccountState.decode(reader, reader.size(), $undefined, _depth + 1, message.recipient);
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.messageId = value;
                            else
                                delete message.messageId;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.sentAt = value;
                            else
                                delete message.sentAt;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.text = $root.sotto.v1.Text.decode(reader, reader.size(), $undefined, _depth + 1, message.text);
                            message.body = "text";
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.sent = $root.sotto.v1.SentCopy.decode(reader, reader.size(), $undefined, _depth + 1, message.sent);
                            message.body = "sent";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Content;
        })();

        v1.AccountState = (function() {

            /**
             * Properties of an AccountState.
             * @typedef {Object} sotto.v1.AccountState.$Properties
             * @property {number|null} [epoch] AccountState epoch
             * @property {number|null} [listVersion] AccountState listVersion
             * @property {Uint8Array|null} [hash] AccountState hash
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an AccountState.
             * @memberof sotto.v1
             * @interface IAccountState
             * @augments sotto.v1.AccountState.$Properties
             * @deprecated Use sotto.v1.AccountState.$Properties instead.
             */

            /**
             * Shape of an AccountState.
             * @typedef {sotto.v1.AccountState.$Properties} sotto.v1.AccountState.$Shape
             */

            /**
             * Constructs a new AccountState.
             * @memberof sotto.v1
             * @classdesc Represents an AccountState.
             * @constructor
             * @param {sotto.v1.AccountState.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const AccountState = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * AccountState epoch.
             * @member {number} epoch
             * @memberof sotto.v1.AccountState
             * @instance
             */
            AccountState.prototype.epoch = 0;

            /**
             * AccountState listVersion.
             * @member {number} listVersion
             * @memberof sotto.v1.AccountState
             * @instance
             */
            AccountState.prototype.listVersion = 0;

            /**
             * AccountState hash.
             * @member {Uint8Array} hash
             * @memberof sotto.v1.AccountState
             * @instance
             */
            AccountState.prototype.hash = $util.newBuffer([]);

            /**
             * Encodes the specified AccountState message. Does not implicitly {@link sotto.v1.AccountState.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.AccountState
             * @static
             * @param {sotto.v1.AccountState.$Properties} message AccountState message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AccountState.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && message.epoch !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.epoch);
                if (message.listVersion != null && $Object.hasOwnProperty.call(message, "listVersion") && message.listVersion !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.listVersion);
                if (message.hash != null && $Object.hasOwnProperty.call(message, "hash") && message.hash.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.hash);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an AccountState message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.AccountState
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.AccountState & sotto.v1.AccountState.$Shape} AccountState
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AccountState.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.AccountState();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.epoch = value;
                            else
                                delete message.epoch;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.listVersion = value;
                            else
                                delete message.listVersion;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.hash = value;
                            else
                                delete message.hash;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return AccountState;
        })();

        v1.Text = (function() {

            /**
             * Properties of a Text.
             * @typedef {Object} sotto.v1.Text.$Properties
             * @property {string|null} [text] Text text
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Text.
             * @memberof sotto.v1
             * @interface IText
             * @augments sotto.v1.Text.$Properties
             * @deprecated Use sotto.v1.Text.$Properties instead.
             */

            /**
             * Shape of a Text.
             * @typedef {sotto.v1.Text.$Properties} sotto.v1.Text.$Shape
             */

            /**
             * Constructs a new Text.
             * @memberof sotto.v1
             * @classdesc Represents a Text.
             * @constructor
             * @param {sotto.v1.Text.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Text = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Text text.
             * @member {string} text
             * @memberof sotto.v1.Text
             * @instance
             */
            Text.prototype.text = "";

            /**
             * Encodes the specified Text message. Does not implicitly {@link sotto.v1.Text.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.Text
             * @static
             * @param {sotto.v1.Text.$Properties} message Text message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Text.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.text != null && $Object.hasOwnProperty.call(message, "text") && message.text !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.text);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Text message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.Text
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.Text & sotto.v1.Text.$Shape} Text
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Text.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.Text();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.text = value;
                            else
                                delete message.text;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Text;
        })();

        v1.SentCopy = (function() {

            /**
             * Properties of a SentCopy.
             * @typedef {Object} sotto.v1.SentCopy.$Properties
             * @property {Uint8Array|null} [recipientAccount] SentCopy recipientAccount
             * @property {sotto.v1.Text.$Properties|null} [text] SentCopy text
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SentCopy.
             * @memberof sotto.v1
             * @interface ISentCopy
             * @augments sotto.v1.SentCopy.$Properties
             * @deprecated Use sotto.v1.SentCopy.$Properties instead.
             */

            /**
             * Shape of a SentCopy.
             * @typedef {sotto.v1.SentCopy.$Properties} sotto.v1.SentCopy.$Shape
             */

            /**
             * Constructs a new SentCopy.
             * @memberof sotto.v1
             * @classdesc Represents a SentCopy.
             * @constructor
             * @param {sotto.v1.SentCopy.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SentCopy = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SentCopy recipientAccount.
             * @member {Uint8Array} recipientAccount
             * @memberof sotto.v1.SentCopy
             * @instance
             */
            SentCopy.prototype.recipientAccount = $util.newBuffer([]);

            /**
             * SentCopy text.
             * @member {sotto.v1.Text.$Properties|null|undefined} text
             * @memberof sotto.v1.SentCopy
             * @instance
             */
            SentCopy.prototype.text = null;

            /**
             * Encodes the specified SentCopy message. Does not implicitly {@link sotto.v1.SentCopy.verify|verify} messages.
             * @function encode
             * @memberof sotto.v1.SentCopy
             * @static
             * @param {sotto.v1.SentCopy.$Properties} message SentCopy message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SentCopy.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.recipientAccount != null && $Object.hasOwnProperty.call(message, "recipientAccount") && message.recipientAccount.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.recipientAccount);
                if (message.text != null && $Object.hasOwnProperty.call(message, "text"))
                    $root.sotto.v1.Text.encode(message.text, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a SentCopy message from the specified reader or buffer.
             * @function decode
             * @memberof sotto.v1.SentCopy
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {sotto.v1.SentCopy & sotto.v1.SentCopy.$Shape} SentCopy
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SentCopy.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.sotto.v1.SentCopy();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.recipientAccount = value;
                            else
                                delete message.recipientAccount;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.text = $root.sotto.v1.Text.decode(reader, reader.size(), $undefined, _depth + 1, message.text);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return SentCopy;
        })();

        return v1;
    })();

    return sotto;
})();

export {
  $root as default
};
