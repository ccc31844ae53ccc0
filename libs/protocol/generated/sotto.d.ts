import * as $protobuf from "protobufjs/minimal.js";

/** Namespace sotto. */
export namespace sotto {

    /** Namespace v1. */
    namespace v1 {

        /**
         * Properties of a ClientFrame.
         * @deprecated Use sotto.v1.ClientFrame.$Properties instead.
         */
        interface IClientFrame extends sotto.v1.ClientFrame.$Properties {
        }

        /** Represents a ClientFrame. */
        class ClientFrame {

            /**
             * Constructs a new ClientFrame.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.ClientFrame.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ClientFrame send. */
            send?: (sotto.v1.Send.$Properties|null);

            /** ClientFrame acks. */
            acks?: (sotto.v1.Acks.$Properties|null);

            /** ClientFrame nack. */
            nack?: (sotto.v1.Nack.$Properties|null);

            /** ClientFrame link. */
            link?: (sotto.v1.Link.$Properties|null);

            /** ClientFrame frame. */
            frame?: ("send"|"acks"|"nack"|"link");

            /**
             * Encodes the specified ClientFrame message. Does not implicitly {@link sotto.v1.ClientFrame.verify|verify} messages.
             * @param message ClientFrame message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.ClientFrame.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ClientFrame message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.ClientFrame & sotto.v1.ClientFrame.$Shape} ClientFrame
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.ClientFrame & sotto.v1.ClientFrame.$Shape;
        }

        namespace ClientFrame {

            /** Properties of a ClientFrame. */
            interface $Properties {

                /** ClientFrame send */
                send?: (sotto.v1.Send.$Properties|null);

                /** ClientFrame acks */
                acks?: (sotto.v1.Acks.$Properties|null);

                /** ClientFrame nack */
                nack?: (sotto.v1.Nack.$Properties|null);

                /** ClientFrame link */
                link?: (sotto.v1.Link.$Properties|null);

                /** ClientFrame frame */
                frame?: ("send"|"acks"|"nack"|"link");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a ClientFrame. */
            type $Shape = {
              send?: sotto.v1.Send.$Shape|null;
              acks?: sotto.v1.Acks.$Shape|null;
              nack?: sotto.v1.Nack.$Shape|null;
              link?: sotto.v1.Link.$Shape|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ frame?: undefined; send?: null; acks?: null; nack?: null; link?: null }|{ frame?: "send"; send: sotto.v1.Send.$Shape; acks?: null; nack?: null; link?: null }|{ frame?: "acks"; send?: null; acks: sotto.v1.Acks.$Shape; nack?: null; link?: null }|{ frame?: "nack"; send?: null; acks?: null; nack: sotto.v1.Nack.$Shape; link?: null }|{ frame?: "link"; send?: null; acks?: null; nack?: null; link: sotto.v1.Link.$Shape })
            );
        }

        /**
         * Properties of a ServerFrame.
         * @deprecated Use sotto.v1.ServerFrame.$Properties instead.
         */
        interface IServerFrame extends sotto.v1.ServerFrame.$Properties {
        }

        /** Represents a ServerFrame. */
        class ServerFrame {

            /**
             * Constructs a new ServerFrame.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.ServerFrame.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ServerFrame ready. */
            ready?: (sotto.v1.Ready.$Properties|null);

            /** ServerFrame deliveries. */
            deliveries?: (sotto.v1.Deliveries.$Properties|null);

            /** ServerFrame queueEmpty. */
            queueEmpty?: (sotto.v1.QueueEmpty.$Properties|null);

            /** ServerFrame answer. */
            answer?: (sotto.v1.SendAnswer.$Properties|null);

            /** ServerFrame ackRefused. */
            ackRefused?: (sotto.v1.AckRefused.$Properties|null);

            /** ServerFrame notice. */
            notice?: (sotto.v1.Notice.$Properties|null);

            /** ServerFrame gap. */
            gap?: (sotto.v1.Gap.$Properties|null);

            /** ServerFrame ephemeral. */
            ephemeral?: (sotto.v1.Envelope.$Properties|null);

            /** ServerFrame link. */
            link?: (sotto.v1.Link.$Properties|null);

            /** ServerFrame problem. */
            problem?: (sotto.v1.Problem.$Properties|null);

            /** ServerFrame frame. */
            frame?: ("ready"|"deliveries"|"queueEmpty"|"answer"|"ackRefused"|"notice"|"gap"|"ephemeral"|"link"|"problem");

            /**
             * Encodes the specified ServerFrame message. Does not implicitly {@link sotto.v1.ServerFrame.verify|verify} messages.
             * @param message ServerFrame message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.ServerFrame.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ServerFrame message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.ServerFrame & sotto.v1.ServerFrame.$Shape} ServerFrame
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.ServerFrame & sotto.v1.ServerFrame.$Shape;
        }

        namespace ServerFrame {

            /** Properties of a ServerFrame. */
            interface $Properties {

                /** ServerFrame ready */
                ready?: (sotto.v1.Ready.$Properties|null);

                /** ServerFrame deliveries */
                deliveries?: (sotto.v1.Deliveries.$Properties|null);

                /** ServerFrame queueEmpty */
                queueEmpty?: (sotto.v1.QueueEmpty.$Properties|null);

                /** ServerFrame answer */
                answer?: (sotto.v1.SendAnswer.$Properties|null);

                /** ServerFrame ackRefused */
                ackRefused?: (sotto.v1.AckRefused.$Properties|null);

                /** ServerFrame notice */
                notice?: (sotto.v1.Notice.$Properties|null);

                /** ServerFrame gap */
                gap?: (sotto.v1.Gap.$Properties|null);

                /** ServerFrame ephemeral */
                ephemeral?: (sotto.v1.Envelope.$Properties|null);

                /** ServerFrame link */
                link?: (sotto.v1.Link.$Properties|null);

                /** ServerFrame problem */
                problem?: (sotto.v1.Problem.$Properties|null);

                /** ServerFrame frame */
                frame?: ("ready"|"deliveries"|"queueEmpty"|"answer"|"ackRefused"|"notice"|"gap"|"ephemeral"|"link"|"problem");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a ServerFrame. */
            type $Shape = {
              ready?: sotto.v1.Ready.$Shape|null;
              deliveries?: sotto.v1.Deliveries.$Shape|null;
              queueEmpty?: sotto.v1.QueueEmpty.$Shape|null;
              answer?: sotto.v1.SendAnswer.$Shape|null;
              ackRefused?: sotto.v1.AckRefused.$Shape|null;
              notice?: sotto.v1.Notice.$Shape|null;
              gap?: sotto.v1.Gap.$Shape|null;
              ephemeral?: sotto.v1.Envelope.$Shape|null;
              link?: sotto.v1.Link.$Shape|null;
              problem?: sotto.v1.Problem.$Shape|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ frame?: undefined; ready?: null; deliveries?: null; queueEmpty?: null; answer?: null; ackRefused?: null; notice?: null; gap?: null; ephemeral?: null; link?: null; problem?: null }|{ frame?: "ready"; ready: sotto.v1.Ready.$Shape; deliveries?: null; queueEmpty?: null; answer?: null; ackRefused?: null; notice?: null; gap?: null; ephemeral?: null; link?: null; problem?: null }|{ frame?: "deliveries"; ready?: null; deliveries: sotto.v1.Deliveries.$Shape; queueEmpty?: null; answer?: null; ackRefused?: null; notice?: null; gap?: null; ephemeral?: null; link?: null; problem?: null }|{ frame?: "queueEmpty"; ready?: null; deliveries?: null; queueEmpty: sotto.v1.QueueEmpty.$Shape; answer?: null; ackRefused?: null; notice?: null; gap?: null; ephemeral?: null; link?: null; problem?: null }|{ frame?: "answer"; ready?: null; deliveries?: null; queueEmpty?: null; answer: sotto.v1.SendAnswer.$Shape; ackRefused?: null; notice?: null; gap?: null; ephemeral?: null; link?: null; problem?: null }|{ frame?: "ackRefused"; ready?: null; deliveries?: null; queueEmpty?: null; answer?: null; ackRefused: sotto.v1.AckRefused.$Shape; notice?: null; gap?: null; ephemeral?: null; link?: null; problem?: null }|{ frame?: "notice"; ready?: null; deliveries?: null; queueEmpty?: null; answer?: null; ackRefused?: null; notice: sotto.v1.Notice.$Shape; gap?: null; ephemeral?: null; link?: null; problem?: null }|{ frame?: "gap"; ready?: null; deliveries?: null; queueEmpty?: null; answer?: null; ackRefused?: null; notice?: null; gap: sotto.v1.Gap.$Shape; ephemeral?: null; link?: null; problem?: null }|{ frame?: "ephemeral"; ready?: null; deliveries?: null; queueEmpty?: null; answer?: null; ackRefused?: null; notice?: null; gap?: null; ephemeral: sotto.v1.Envelope.$Shape; link?: null; problem?: null }|{ frame?: "link"; ready?: null; deliveries?: null; queueEmpty?: null; answer?: null; ackRefused?: null; notice?: null; gap?: null; ephemeral?: null; link: sotto.v1.Link.$Shape; problem?: null }|{ frame?: "problem"; ready?: null; deliveries?: null; queueEmpty?: null; answer?: null; ackRefused?: null; notice?: null; gap?: null; ephemeral?: null; link?: null; problem: sotto.v1.Problem.$Shape })
            );
        }

        /**
         * Properties of a Ready.
         * @deprecated Use sotto.v1.Ready.$Properties instead.
         */
        interface IReady extends sotto.v1.Ready.$Properties {
        }

        /** Represents a Ready. */
        class Ready {

            /**
             * Constructs a new Ready.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.Ready.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Ready incarnation. */
            incarnation: Uint8Array;

            /** Ready serverTime. */
            serverTime: number;

            /** Ready head. */
            head: number;

            /** Ready stock. */
            stock?: (sotto.v1.PrekeyStock.$Properties|null);

            /** Ready listVersion. */
            listVersion: number;

            /** Ready maxUnacked. */
            maxUnacked: number;

            /**
             * Encodes the specified Ready message. Does not implicitly {@link sotto.v1.Ready.verify|verify} messages.
             * @param message Ready message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.Ready.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Ready message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.Ready & sotto.v1.Ready.$Shape} Ready
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.Ready & sotto.v1.Ready.$Shape;
        }

        namespace Ready {

            /** Properties of a Ready. */
            interface $Properties {

                /** Ready incarnation */
                incarnation?: (Uint8Array|null);

                /** Ready serverTime */
                serverTime?: (number|null);

                /** Ready head */
                head?: (number|null);

                /** Ready stock */
                stock?: (sotto.v1.PrekeyStock.$Properties|null);

                /** Ready listVersion */
                listVersion?: (number|null);

                /** Ready maxUnacked */
                maxUnacked?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Ready. */
            type $Shape = sotto.v1.Ready.$Properties;
        }

        /**
         * Properties of a PrekeyStock.
         * @deprecated Use sotto.v1.PrekeyStock.$Properties instead.
         */
        interface IPrekeyStock extends sotto.v1.PrekeyStock.$Properties {
        }

        /** Represents a PrekeyStock. */
        class PrekeyStock {

            /**
             * Constructs a new PrekeyStock.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.PrekeyStock.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** PrekeyStock oneTime. */
            oneTime: number;

            /** PrekeyStock kyber. */
            kyber: number;

            /** PrekeyStock low. */
            low: boolean;

            /**
             * Encodes the specified PrekeyStock message. Does not implicitly {@link sotto.v1.PrekeyStock.verify|verify} messages.
             * @param message PrekeyStock message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.PrekeyStock.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a PrekeyStock message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.PrekeyStock & sotto.v1.PrekeyStock.$Shape} PrekeyStock
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.PrekeyStock & sotto.v1.PrekeyStock.$Shape;
        }

        namespace PrekeyStock {

            /** Properties of a PrekeyStock. */
            interface $Properties {

                /** PrekeyStock oneTime */
                oneTime?: (number|null);

                /** PrekeyStock kyber */
                kyber?: (number|null);

                /** PrekeyStock low */
                low?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a PrekeyStock. */
            type $Shape = sotto.v1.PrekeyStock.$Properties;
        }

        /** DeliveryClass enum. */
        enum DeliveryClass {

            /** DURABLE value */
            DURABLE = 0,

            /** EPHEMERAL value */
            EPHEMERAL = 1
        }

        /** Coverage enum. */
        enum Coverage {

            /** COMPLETE value */
            COMPLETE = 0,

            /** SELECTED value */
            SELECTED = 1
        }

        /** EnvelopeKind enum. */
        enum EnvelopeKind {

            /** KIND_UNSPECIFIED value */
            KIND_UNSPECIFIED = 0,

            /** PREKEY value */
            PREKEY = 1,

            /** MESSAGE value */
            MESSAGE = 2,

            /** PLAINTEXT value */
            PLAINTEXT = 3
        }

        /**
         * Properties of a Send.
         * @deprecated Use sotto.v1.Send.$Properties instead.
         */
        interface ISend extends sotto.v1.Send.$Properties {
        }

        /** Represents a Send. */
        class Send {

            /**
             * Constructs a new Send.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.Send.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Send id. */
            id: number;

            /** Send request. */
            request?: (sotto.v1.SendRequest.$Properties|null);

            /**
             * Encodes the specified Send message. Does not implicitly {@link sotto.v1.Send.verify|verify} messages.
             * @param message Send message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.Send.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Send message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.Send & sotto.v1.Send.$Shape} Send
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.Send & sotto.v1.Send.$Shape;
        }

        namespace Send {

            /** Properties of a Send. */
            interface $Properties {

                /** Send id */
                id?: (number|null);

                /** Send request */
                request?: (sotto.v1.SendRequest.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Send. */
            type $Shape = sotto.v1.Send.$Properties;
        }

        /**
         * Properties of a SendRequest.
         * @deprecated Use sotto.v1.SendRequest.$Properties instead.
         */
        interface ISendRequest extends sotto.v1.SendRequest.$Properties {
        }

        /** Represents a SendRequest. */
        class SendRequest {

            /**
             * Constructs a new SendRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.SendRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SendRequest idempotencyKey. */
            idempotencyKey: Uint8Array;

            /** SendRequest class. */
            class: sotto.v1.DeliveryClass;

            /** SendRequest urgent. */
            urgent: boolean;

            /** SendRequest bundles. */
            bundles: boolean;

            /** SendRequest clientTimestamp. */
            clientTimestamp: number;

            /** SendRequest recipients. */
            recipients: sotto.v1.Recipient.$Properties[];

            /**
             * Encodes the specified SendRequest message. Does not implicitly {@link sotto.v1.SendRequest.verify|verify} messages.
             * @param message SendRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.SendRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SendRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.SendRequest & sotto.v1.SendRequest.$Shape} SendRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.SendRequest & sotto.v1.SendRequest.$Shape;
        }

        namespace SendRequest {

            /** Properties of a SendRequest. */
            interface $Properties {

                /** SendRequest idempotencyKey */
                idempotencyKey?: (Uint8Array|null);

                /** SendRequest class */
                "class"?: (sotto.v1.DeliveryClass|null);

                /** SendRequest urgent */
                urgent?: (boolean|null);

                /** SendRequest bundles */
                bundles?: (boolean|null);

                /** SendRequest clientTimestamp */
                clientTimestamp?: (number|null);

                /** SendRequest recipients */
                recipients?: (sotto.v1.Recipient.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SendRequest. */
            type $Shape = sotto.v1.SendRequest.$Properties;
        }

        /**
         * Properties of a Recipient.
         * @deprecated Use sotto.v1.Recipient.$Properties instead.
         */
        interface IRecipient extends sotto.v1.Recipient.$Properties {
        }

        /** Represents a Recipient. */
        class Recipient {

            /**
             * Constructs a new Recipient.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.Recipient.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Recipient accountId. */
            accountId: Uint8Array;

            /** Recipient listVersion. */
            listVersion: number;

            /** Recipient coverage. */
            coverage: sotto.v1.Coverage;

            /** Recipient envelopes. */
            envelopes: sotto.v1.OutgoingEnvelope.$Properties[];

            /**
             * Encodes the specified Recipient message. Does not implicitly {@link sotto.v1.Recipient.verify|verify} messages.
             * @param message Recipient message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.Recipient.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Recipient message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.Recipient & sotto.v1.Recipient.$Shape} Recipient
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.Recipient & sotto.v1.Recipient.$Shape;
        }

        namespace Recipient {

            /** Properties of a Recipient. */
            interface $Properties {

                /** Recipient accountId */
                accountId?: (Uint8Array|null);

                /** Recipient listVersion */
                listVersion?: (number|null);

                /** Recipient coverage */
                coverage?: (sotto.v1.Coverage|null);

                /** Recipient envelopes */
                envelopes?: (sotto.v1.OutgoingEnvelope.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Recipient. */
            type $Shape = sotto.v1.Recipient.$Properties;
        }

        /**
         * Properties of an OutgoingEnvelope.
         * @deprecated Use sotto.v1.OutgoingEnvelope.$Properties instead.
         */
        interface IOutgoingEnvelope extends sotto.v1.OutgoingEnvelope.$Properties {
        }

        /** Represents an OutgoingEnvelope. */
        class OutgoingEnvelope {

            /**
             * Constructs a new OutgoingEnvelope.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.OutgoingEnvelope.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** OutgoingEnvelope deviceId. */
            deviceId: Uint8Array;

            /** OutgoingEnvelope registrationId. */
            registrationId: number;

            /** OutgoingEnvelope kind. */
            kind: sotto.v1.EnvelopeKind;

            /** OutgoingEnvelope control. */
            control: boolean;

            /** OutgoingEnvelope content. */
            content: Uint8Array;

            /**
             * Encodes the specified OutgoingEnvelope message. Does not implicitly {@link sotto.v1.OutgoingEnvelope.verify|verify} messages.
             * @param message OutgoingEnvelope message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.OutgoingEnvelope.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an OutgoingEnvelope message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.OutgoingEnvelope & sotto.v1.OutgoingEnvelope.$Shape} OutgoingEnvelope
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.OutgoingEnvelope & sotto.v1.OutgoingEnvelope.$Shape;
        }

        namespace OutgoingEnvelope {

            /** Properties of an OutgoingEnvelope. */
            interface $Properties {

                /** OutgoingEnvelope deviceId */
                deviceId?: (Uint8Array|null);

                /** OutgoingEnvelope registrationId */
                registrationId?: (number|null);

                /** OutgoingEnvelope kind */
                kind?: (sotto.v1.EnvelopeKind|null);

                /** OutgoingEnvelope control */
                control?: (boolean|null);

                /** OutgoingEnvelope content */
                content?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an OutgoingEnvelope. */
            type $Shape = sotto.v1.OutgoingEnvelope.$Properties;
        }

        /**
         * Properties of a SendAnswer.
         * @deprecated Use sotto.v1.SendAnswer.$Properties instead.
         */
        interface ISendAnswer extends sotto.v1.SendAnswer.$Properties {
        }

        /** Represents a SendAnswer. */
        class SendAnswer {

            /**
             * Constructs a new SendAnswer.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.SendAnswer.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SendAnswer id. */
            id: number;

            /** SendAnswer accepted. */
            accepted?: (sotto.v1.Accepted.$Properties|null);

            /** SendAnswer mismatch. */
            mismatch?: (sotto.v1.Mismatch.$Properties|null);

            /** SendAnswer problem. */
            problem?: (sotto.v1.Problem.$Properties|null);

            /** SendAnswer outcome. */
            outcome?: ("accepted"|"mismatch"|"problem");

            /**
             * Encodes the specified SendAnswer message. Does not implicitly {@link sotto.v1.SendAnswer.verify|verify} messages.
             * @param message SendAnswer message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.SendAnswer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SendAnswer message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.SendAnswer & sotto.v1.SendAnswer.$Shape} SendAnswer
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.SendAnswer & sotto.v1.SendAnswer.$Shape;
        }

        namespace SendAnswer {

            /** Properties of a SendAnswer. */
            interface $Properties {

                /** SendAnswer id */
                id?: (number|null);

                /** SendAnswer accepted */
                accepted?: (sotto.v1.Accepted.$Properties|null);

                /** SendAnswer mismatch */
                mismatch?: (sotto.v1.Mismatch.$Properties|null);

                /** SendAnswer problem */
                problem?: (sotto.v1.Problem.$Properties|null);

                /** SendAnswer outcome */
                outcome?: ("accepted"|"mismatch"|"problem");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a SendAnswer. */
            type $Shape = {
              id?: number|null;
              accepted?: sotto.v1.Accepted.$Shape|null;
              mismatch?: sotto.v1.Mismatch.$Shape|null;
              problem?: sotto.v1.Problem.$Shape|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ outcome?: undefined; accepted?: null; mismatch?: null; problem?: null }|{ outcome?: "accepted"; accepted: sotto.v1.Accepted.$Shape; mismatch?: null; problem?: null }|{ outcome?: "mismatch"; accepted?: null; mismatch: sotto.v1.Mismatch.$Shape; problem?: null }|{ outcome?: "problem"; accepted?: null; mismatch?: null; problem: sotto.v1.Problem.$Shape })
            );
        }

        /**
         * Properties of an Accepted.
         * @deprecated Use sotto.v1.Accepted.$Properties instead.
         */
        interface IAccepted extends sotto.v1.Accepted.$Properties {
        }

        /** Represents an Accepted. */
        class Accepted {

            /**
             * Constructs a new Accepted.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.Accepted.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Accepted acceptedAt. */
            acceptedAt: number;

            /**
             * Encodes the specified Accepted message. Does not implicitly {@link sotto.v1.Accepted.verify|verify} messages.
             * @param message Accepted message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.Accepted.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Accepted message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.Accepted & sotto.v1.Accepted.$Shape} Accepted
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.Accepted & sotto.v1.Accepted.$Shape;
        }

        namespace Accepted {

            /** Properties of an Accepted. */
            interface $Properties {

                /** Accepted acceptedAt */
                acceptedAt?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Accepted. */
            type $Shape = sotto.v1.Accepted.$Properties;
        }

        /**
         * Properties of a Mismatch.
         * @deprecated Use sotto.v1.Mismatch.$Properties instead.
         */
        interface IMismatch extends sotto.v1.Mismatch.$Properties {
        }

        /** Represents a Mismatch. */
        class Mismatch {

            /**
             * Constructs a new Mismatch.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.Mismatch.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Mismatch mismatched. */
            mismatched: sotto.v1.MismatchedAccount.$Properties[];

            /** Mismatch unknown. */
            unknown: Uint8Array[];

            /** Mismatch closed. */
            closed: Uint8Array[];

            /** Mismatch bundles. */
            bundles: sotto.v1.PrekeyBundles.$Properties[];

            /**
             * Encodes the specified Mismatch message. Does not implicitly {@link sotto.v1.Mismatch.verify|verify} messages.
             * @param message Mismatch message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.Mismatch.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Mismatch message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.Mismatch & sotto.v1.Mismatch.$Shape} Mismatch
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.Mismatch & sotto.v1.Mismatch.$Shape;
        }

        namespace Mismatch {

            /** Properties of a Mismatch. */
            interface $Properties {

                /** Mismatch mismatched */
                mismatched?: (sotto.v1.MismatchedAccount.$Properties[]|null);

                /** Mismatch unknown */
                unknown?: (Uint8Array[]|null);

                /** Mismatch closed */
                closed?: (Uint8Array[]|null);

                /** Mismatch bundles */
                bundles?: (sotto.v1.PrekeyBundles.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Mismatch. */
            type $Shape = sotto.v1.Mismatch.$Properties;
        }

        /**
         * Properties of a MismatchedAccount.
         * @deprecated Use sotto.v1.MismatchedAccount.$Properties instead.
         */
        interface IMismatchedAccount extends sotto.v1.MismatchedAccount.$Properties {
        }

        /** Represents a MismatchedAccount. */
        class MismatchedAccount {

            /**
             * Constructs a new MismatchedAccount.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.MismatchedAccount.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** MismatchedAccount accountId. */
            accountId: Uint8Array;

            /** MismatchedAccount listVersion. */
            listVersion: number;

            /** MismatchedAccount missing. */
            missing: Uint8Array[];

            /** MismatchedAccount extra. */
            extra: Uint8Array[];

            /** MismatchedAccount stale. */
            stale: Uint8Array[];

            /**
             * Encodes the specified MismatchedAccount message. Does not implicitly {@link sotto.v1.MismatchedAccount.verify|verify} messages.
             * @param message MismatchedAccount message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.MismatchedAccount.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a MismatchedAccount message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.MismatchedAccount & sotto.v1.MismatchedAccount.$Shape} MismatchedAccount
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.MismatchedAccount & sotto.v1.MismatchedAccount.$Shape;
        }

        namespace MismatchedAccount {

            /** Properties of a MismatchedAccount. */
            interface $Properties {

                /** MismatchedAccount accountId */
                accountId?: (Uint8Array|null);

                /** MismatchedAccount listVersion */
                listVersion?: (number|null);

                /** MismatchedAccount missing */
                missing?: (Uint8Array[]|null);

                /** MismatchedAccount extra */
                extra?: (Uint8Array[]|null);

                /** MismatchedAccount stale */
                stale?: (Uint8Array[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a MismatchedAccount. */
            type $Shape = sotto.v1.MismatchedAccount.$Properties;
        }

        /**
         * Properties of a Problem.
         * @deprecated Use sotto.v1.Problem.$Properties instead.
         */
        interface IProblem extends sotto.v1.Problem.$Properties {
        }

        /** Represents a Problem. */
        class Problem {

            /**
             * Constructs a new Problem.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.Problem.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Problem code. */
            code: string;

            /** Problem detail. */
            detail: string;

            /** Problem retryAfterMs. */
            retryAfterMs: number;

            /** Problem serverTime. */
            serverTime: number;

            /**
             * Encodes the specified Problem message. Does not implicitly {@link sotto.v1.Problem.verify|verify} messages.
             * @param message Problem message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.Problem.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Problem message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.Problem & sotto.v1.Problem.$Shape} Problem
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.Problem & sotto.v1.Problem.$Shape;
        }

        namespace Problem {

            /** Properties of a Problem. */
            interface $Properties {

                /** Problem code */
                code?: (string|null);

                /** Problem detail */
                detail?: (string|null);

                /** Problem retryAfterMs */
                retryAfterMs?: (number|null);

                /** Problem serverTime */
                serverTime?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Problem. */
            type $Shape = sotto.v1.Problem.$Properties;
        }

        /**
         * Properties of a Deliveries.
         * @deprecated Use sotto.v1.Deliveries.$Properties instead.
         */
        interface IDeliveries extends sotto.v1.Deliveries.$Properties {
        }

        /** Represents a Deliveries. */
        class Deliveries {

            /**
             * Constructs a new Deliveries.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.Deliveries.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Deliveries envelopes. */
            envelopes: sotto.v1.Envelope.$Properties[];

            /**
             * Encodes the specified Deliveries message. Does not implicitly {@link sotto.v1.Deliveries.verify|verify} messages.
             * @param message Deliveries message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.Deliveries.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Deliveries message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.Deliveries & sotto.v1.Deliveries.$Shape} Deliveries
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.Deliveries & sotto.v1.Deliveries.$Shape;
        }

        namespace Deliveries {

            /** Properties of a Deliveries. */
            interface $Properties {

                /** Deliveries envelopes */
                envelopes?: (sotto.v1.Envelope.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Deliveries. */
            type $Shape = sotto.v1.Deliveries.$Properties;
        }

        /**
         * Properties of an Envelope.
         * @deprecated Use sotto.v1.Envelope.$Properties instead.
         */
        interface IEnvelope extends sotto.v1.Envelope.$Properties {
        }

        /** Represents an Envelope. */
        class Envelope {

            /**
             * Constructs a new Envelope.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.Envelope.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Envelope sequence. */
            sequence: number;

            /** Envelope id. */
            id: Uint8Array;

            /** Envelope acceptedAt. */
            acceptedAt: number;

            /** Envelope registrationId. */
            registrationId: number;

            /** Envelope kind. */
            kind: sotto.v1.EnvelopeKind;

            /** Envelope control. */
            control: boolean;

            /** Envelope senderAccount. */
            senderAccount: Uint8Array;

            /** Envelope senderDevice. */
            senderDevice: Uint8Array;

            /** Envelope content. */
            content: Uint8Array;

            /**
             * Encodes the specified Envelope message. Does not implicitly {@link sotto.v1.Envelope.verify|verify} messages.
             * @param message Envelope message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.Envelope.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Envelope message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.Envelope & sotto.v1.Envelope.$Shape} Envelope
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.Envelope & sotto.v1.Envelope.$Shape;
        }

        namespace Envelope {

            /** Properties of an Envelope. */
            interface $Properties {

                /** Envelope sequence */
                sequence?: (number|null);

                /** Envelope id */
                id?: (Uint8Array|null);

                /** Envelope acceptedAt */
                acceptedAt?: (number|null);

                /** Envelope registrationId */
                registrationId?: (number|null);

                /** Envelope kind */
                kind?: (sotto.v1.EnvelopeKind|null);

                /** Envelope control */
                control?: (boolean|null);

                /** Envelope senderAccount */
                senderAccount?: (Uint8Array|null);

                /** Envelope senderDevice */
                senderDevice?: (Uint8Array|null);

                /** Envelope content */
                content?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Envelope. */
            type $Shape = sotto.v1.Envelope.$Properties;
        }

        /**
         * Properties of a QueueEmpty.
         * @deprecated Use sotto.v1.QueueEmpty.$Properties instead.
         */
        interface IQueueEmpty extends sotto.v1.QueueEmpty.$Properties {
        }

        /** Represents a QueueEmpty. */
        class QueueEmpty {

            /**
             * Constructs a new QueueEmpty.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.QueueEmpty.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Encodes the specified QueueEmpty message. Does not implicitly {@link sotto.v1.QueueEmpty.verify|verify} messages.
             * @param message QueueEmpty message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.QueueEmpty.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a QueueEmpty message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.QueueEmpty & sotto.v1.QueueEmpty.$Shape} QueueEmpty
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.QueueEmpty & sotto.v1.QueueEmpty.$Shape;
        }

        namespace QueueEmpty {

            /** Properties of a QueueEmpty. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a QueueEmpty. */
            type $Shape = sotto.v1.QueueEmpty.$Properties;
        }

        /**
         * Properties of an Acks.
         * @deprecated Use sotto.v1.Acks.$Properties instead.
         */
        interface IAcks extends sotto.v1.Acks.$Properties {
        }

        /** Represents an Acks. */
        class Acks {

            /**
             * Constructs a new Acks.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.Acks.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Acks acks. */
            acks: sotto.v1.Ack.$Properties[];

            /**
             * Encodes the specified Acks message. Does not implicitly {@link sotto.v1.Acks.verify|verify} messages.
             * @param message Acks message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.Acks.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Acks message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.Acks & sotto.v1.Acks.$Shape} Acks
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.Acks & sotto.v1.Acks.$Shape;
        }

        namespace Acks {

            /** Properties of an Acks. */
            interface $Properties {

                /** Acks acks */
                acks?: (sotto.v1.Ack.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Acks. */
            type $Shape = sotto.v1.Acks.$Properties;
        }

        /**
         * Properties of an Ack.
         * @deprecated Use sotto.v1.Ack.$Properties instead.
         */
        interface IAck extends sotto.v1.Ack.$Properties {
        }

        /** Represents an Ack. */
        class Ack {

            /**
             * Constructs a new Ack.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.Ack.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Ack sequence. */
            sequence: number;

            /** Ack id. */
            id: Uint8Array;

            /** Ack cumulative. */
            cumulative: boolean;

            /**
             * Encodes the specified Ack message. Does not implicitly {@link sotto.v1.Ack.verify|verify} messages.
             * @param message Ack message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.Ack.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Ack message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.Ack & sotto.v1.Ack.$Shape} Ack
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.Ack & sotto.v1.Ack.$Shape;
        }

        namespace Ack {

            /** Properties of an Ack. */
            interface $Properties {

                /** Ack sequence */
                sequence?: (number|null);

                /** Ack id */
                id?: (Uint8Array|null);

                /** Ack cumulative */
                cumulative?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Ack. */
            type $Shape = sotto.v1.Ack.$Properties;
        }

        /** NackReason enum. */
        enum NackReason {

            /** NACK_UNSPECIFIED value */
            NACK_UNSPECIFIED = 0,

            /** UNDECRYPTABLE value */
            UNDECRYPTABLE = 1,

            /** UNTRUSTED value */
            UNTRUSTED = 2,

            /** INVALID value */
            INVALID = 3
        }

        /**
         * Properties of a Nack.
         * @deprecated Use sotto.v1.Nack.$Properties instead.
         */
        interface INack extends sotto.v1.Nack.$Properties {
        }

        /** Represents a Nack. */
        class Nack {

            /**
             * Constructs a new Nack.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.Nack.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Nack sequence. */
            sequence: number;

            /** Nack id. */
            id: Uint8Array;

            /** Nack reason. */
            reason: sotto.v1.NackReason;

            /**
             * Encodes the specified Nack message. Does not implicitly {@link sotto.v1.Nack.verify|verify} messages.
             * @param message Nack message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.Nack.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Nack message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.Nack & sotto.v1.Nack.$Shape} Nack
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.Nack & sotto.v1.Nack.$Shape;
        }

        namespace Nack {

            /** Properties of a Nack. */
            interface $Properties {

                /** Nack sequence */
                sequence?: (number|null);

                /** Nack id */
                id?: (Uint8Array|null);

                /** Nack reason */
                reason?: (sotto.v1.NackReason|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Nack. */
            type $Shape = sotto.v1.Nack.$Properties;
        }

        /** GapReason enum. */
        enum GapReason {

            /** GAP_UNSPECIFIED value */
            GAP_UNSPECIFIED = 0,

            /** AGE value */
            AGE = 1,

            /** STOCK value */
            STOCK = 2,

            /** POISON value */
            POISON = 3
        }

        /**
         * Properties of a Gap.
         * @deprecated Use sotto.v1.Gap.$Properties instead.
         */
        interface IGap extends sotto.v1.Gap.$Properties {
        }

        /** Represents a Gap. */
        class Gap {

            /**
             * Constructs a new Gap.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.Gap.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Gap from. */
            from: number;

            /** Gap to. */
            to: number;

            /** Gap id. */
            id: Uint8Array;

            /** Gap reason. */
            reason: sotto.v1.GapReason;

            /**
             * Encodes the specified Gap message. Does not implicitly {@link sotto.v1.Gap.verify|verify} messages.
             * @param message Gap message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.Gap.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Gap message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.Gap & sotto.v1.Gap.$Shape} Gap
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.Gap & sotto.v1.Gap.$Shape;
        }

        namespace Gap {

            /** Properties of a Gap. */
            interface $Properties {

                /** Gap from */
                from?: (number|null);

                /** Gap to */
                to?: (number|null);

                /** Gap id */
                id?: (Uint8Array|null);

                /** Gap reason */
                reason?: (sotto.v1.GapReason|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Gap. */
            type $Shape = sotto.v1.Gap.$Properties;
        }

        /**
         * Properties of an AckRefused.
         * @deprecated Use sotto.v1.AckRefused.$Properties instead.
         */
        interface IAckRefused extends sotto.v1.AckRefused.$Properties {
        }

        /** Represents an AckRefused. */
        class AckRefused {

            /**
             * Constructs a new AckRefused.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.AckRefused.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AckRefused sequence. */
            sequence: number;

            /** AckRefused id. */
            id: Uint8Array;

            /**
             * Encodes the specified AckRefused message. Does not implicitly {@link sotto.v1.AckRefused.verify|verify} messages.
             * @param message AckRefused message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.AckRefused.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AckRefused message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.AckRefused & sotto.v1.AckRefused.$Shape} AckRefused
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.AckRefused & sotto.v1.AckRefused.$Shape;
        }

        namespace AckRefused {

            /** Properties of an AckRefused. */
            interface $Properties {

                /** AckRefused sequence */
                sequence?: (number|null);

                /** AckRefused id */
                id?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AckRefused. */
            type $Shape = sotto.v1.AckRefused.$Properties;
        }

        /**
         * Properties of a Notice.
         * @deprecated Use sotto.v1.Notice.$Properties instead.
         */
        interface INotice extends sotto.v1.Notice.$Properties {
        }

        /** Represents a Notice. */
        class Notice {

            /**
             * Constructs a new Notice.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.Notice.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Notice prekeysLow. */
            prekeysLow?: (sotto.v1.PrekeyStock.$Properties|null);

            /** Notice devicesChanged. */
            devicesChanged?: (sotto.v1.DevicesChanged.$Properties|null);

            /** Notice notice. */
            notice?: ("prekeysLow"|"devicesChanged");

            /**
             * Encodes the specified Notice message. Does not implicitly {@link sotto.v1.Notice.verify|verify} messages.
             * @param message Notice message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.Notice.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Notice message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.Notice & sotto.v1.Notice.$Shape} Notice
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.Notice & sotto.v1.Notice.$Shape;
        }

        namespace Notice {

            /** Properties of a Notice. */
            interface $Properties {

                /** Notice prekeysLow */
                prekeysLow?: (sotto.v1.PrekeyStock.$Properties|null);

                /** Notice devicesChanged */
                devicesChanged?: (sotto.v1.DevicesChanged.$Properties|null);

                /** Notice notice */
                notice?: ("prekeysLow"|"devicesChanged");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a Notice. */
            type $Shape = {
              prekeysLow?: sotto.v1.PrekeyStock.$Shape|null;
              devicesChanged?: sotto.v1.DevicesChanged.$Shape|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ notice?: undefined; prekeysLow?: null; devicesChanged?: null }|{ notice?: "prekeysLow"; prekeysLow: sotto.v1.PrekeyStock.$Shape; devicesChanged?: null }|{ notice?: "devicesChanged"; prekeysLow?: null; devicesChanged: sotto.v1.DevicesChanged.$Shape })
            );
        }

        /**
         * Properties of a DevicesChanged.
         * @deprecated Use sotto.v1.DevicesChanged.$Properties instead.
         */
        interface IDevicesChanged extends sotto.v1.DevicesChanged.$Properties {
        }

        /** Represents a DevicesChanged. */
        class DevicesChanged {

            /**
             * Constructs a new DevicesChanged.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.DevicesChanged.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DevicesChanged listVersion. */
            listVersion: number;

            /**
             * Encodes the specified DevicesChanged message. Does not implicitly {@link sotto.v1.DevicesChanged.verify|verify} messages.
             * @param message DevicesChanged message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.DevicesChanged.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DevicesChanged message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.DevicesChanged & sotto.v1.DevicesChanged.$Shape} DevicesChanged
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.DevicesChanged & sotto.v1.DevicesChanged.$Shape;
        }

        namespace DevicesChanged {

            /** Properties of a DevicesChanged. */
            interface $Properties {

                /** DevicesChanged listVersion */
                listVersion?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DevicesChanged. */
            type $Shape = sotto.v1.DevicesChanged.$Properties;
        }

        /**
         * Properties of a MailboxPage.
         * @deprecated Use sotto.v1.MailboxPage.$Properties instead.
         */
        interface IMailboxPage extends sotto.v1.MailboxPage.$Properties {
        }

        /** Represents a MailboxPage. */
        class MailboxPage {

            /**
             * Constructs a new MailboxPage.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.MailboxPage.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** MailboxPage stream. */
            stream: number;

            /** MailboxPage incarnation. */
            incarnation: Uint8Array;

            /** MailboxPage head. */
            head: number;

            /** MailboxPage gaps. */
            gaps: sotto.v1.Gap.$Properties[];

            /** MailboxPage envelopes. */
            envelopes: sotto.v1.Envelope.$Properties[];

            /** MailboxPage caughtUp. */
            caughtUp: boolean;

            /** MailboxPage stock. */
            stock?: (sotto.v1.PrekeyStock.$Properties|null);

            /** MailboxPage listVersion. */
            listVersion: number;

            /** MailboxPage serverTime. */
            serverTime: number;

            /**
             * Encodes the specified MailboxPage message. Does not implicitly {@link sotto.v1.MailboxPage.verify|verify} messages.
             * @param message MailboxPage message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.MailboxPage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a MailboxPage message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.MailboxPage & sotto.v1.MailboxPage.$Shape} MailboxPage
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.MailboxPage & sotto.v1.MailboxPage.$Shape;
        }

        namespace MailboxPage {

            /** Properties of a MailboxPage. */
            interface $Properties {

                /** MailboxPage stream */
                stream?: (number|null);

                /** MailboxPage incarnation */
                incarnation?: (Uint8Array|null);

                /** MailboxPage head */
                head?: (number|null);

                /** MailboxPage gaps */
                gaps?: (sotto.v1.Gap.$Properties[]|null);

                /** MailboxPage envelopes */
                envelopes?: (sotto.v1.Envelope.$Properties[]|null);

                /** MailboxPage caughtUp */
                caughtUp?: (boolean|null);

                /** MailboxPage stock */
                stock?: (sotto.v1.PrekeyStock.$Properties|null);

                /** MailboxPage listVersion */
                listVersion?: (number|null);

                /** MailboxPage serverTime */
                serverTime?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a MailboxPage. */
            type $Shape = sotto.v1.MailboxPage.$Properties;
        }

        /**
         * Properties of a MailboxSettlement.
         * @deprecated Use sotto.v1.MailboxSettlement.$Properties instead.
         */
        interface IMailboxSettlement extends sotto.v1.MailboxSettlement.$Properties {
        }

        /** Represents a MailboxSettlement. */
        class MailboxSettlement {

            /**
             * Constructs a new MailboxSettlement.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.MailboxSettlement.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** MailboxSettlement stream. */
            stream: number;

            /** MailboxSettlement acks. */
            acks: sotto.v1.Ack.$Properties[];

            /** MailboxSettlement nacks. */
            nacks: sotto.v1.Nack.$Properties[];

            /**
             * Encodes the specified MailboxSettlement message. Does not implicitly {@link sotto.v1.MailboxSettlement.verify|verify} messages.
             * @param message MailboxSettlement message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.MailboxSettlement.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a MailboxSettlement message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.MailboxSettlement & sotto.v1.MailboxSettlement.$Shape} MailboxSettlement
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.MailboxSettlement & sotto.v1.MailboxSettlement.$Shape;
        }

        namespace MailboxSettlement {

            /** Properties of a MailboxSettlement. */
            interface $Properties {

                /** MailboxSettlement stream */
                stream?: (number|null);

                /** MailboxSettlement acks */
                acks?: (sotto.v1.Ack.$Properties[]|null);

                /** MailboxSettlement nacks */
                nacks?: (sotto.v1.Nack.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a MailboxSettlement. */
            type $Shape = sotto.v1.MailboxSettlement.$Properties;
        }

        /**
         * Properties of a SettlementAnswer.
         * @deprecated Use sotto.v1.SettlementAnswer.$Properties instead.
         */
        interface ISettlementAnswer extends sotto.v1.SettlementAnswer.$Properties {
        }

        /** Represents a SettlementAnswer. */
        class SettlementAnswer {

            /**
             * Constructs a new SettlementAnswer.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.SettlementAnswer.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SettlementAnswer refused. */
            refused: sotto.v1.AckRefused.$Properties[];

            /**
             * Encodes the specified SettlementAnswer message. Does not implicitly {@link sotto.v1.SettlementAnswer.verify|verify} messages.
             * @param message SettlementAnswer message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.SettlementAnswer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SettlementAnswer message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.SettlementAnswer & sotto.v1.SettlementAnswer.$Shape} SettlementAnswer
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.SettlementAnswer & sotto.v1.SettlementAnswer.$Shape;
        }

        namespace SettlementAnswer {

            /** Properties of a SettlementAnswer. */
            interface $Properties {

                /** SettlementAnswer refused */
                refused?: (sotto.v1.AckRefused.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SettlementAnswer. */
            type $Shape = sotto.v1.SettlementAnswer.$Properties;
        }

        /**
         * Properties of a SetAside.
         * @deprecated Use sotto.v1.SetAside.$Properties instead.
         */
        interface ISetAside extends sotto.v1.SetAside.$Properties {
        }

        /** Represents a SetAside. */
        class SetAside {

            /**
             * Constructs a new SetAside.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.SetAside.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SetAside envelopes. */
            envelopes: sotto.v1.SetAsideEnvelope.$Properties[];

            /**
             * Encodes the specified SetAside message. Does not implicitly {@link sotto.v1.SetAside.verify|verify} messages.
             * @param message SetAside message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.SetAside.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SetAside message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.SetAside & sotto.v1.SetAside.$Shape} SetAside
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.SetAside & sotto.v1.SetAside.$Shape;
        }

        namespace SetAside {

            /** Properties of a SetAside. */
            interface $Properties {

                /** SetAside envelopes */
                envelopes?: (sotto.v1.SetAsideEnvelope.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SetAside. */
            type $Shape = sotto.v1.SetAside.$Properties;
        }

        /**
         * Properties of a SetAsideEnvelope.
         * @deprecated Use sotto.v1.SetAsideEnvelope.$Properties instead.
         */
        interface ISetAsideEnvelope extends sotto.v1.SetAsideEnvelope.$Properties {
        }

        /** Represents a SetAsideEnvelope. */
        class SetAsideEnvelope {

            /**
             * Constructs a new SetAsideEnvelope.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.SetAsideEnvelope.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SetAsideEnvelope envelope. */
            envelope?: (sotto.v1.Envelope.$Properties|null);

            /** SetAsideEnvelope reason. */
            reason: sotto.v1.NackReason;

            /**
             * Encodes the specified SetAsideEnvelope message. Does not implicitly {@link sotto.v1.SetAsideEnvelope.verify|verify} messages.
             * @param message SetAsideEnvelope message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.SetAsideEnvelope.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SetAsideEnvelope message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.SetAsideEnvelope & sotto.v1.SetAsideEnvelope.$Shape} SetAsideEnvelope
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.SetAsideEnvelope & sotto.v1.SetAsideEnvelope.$Shape;
        }

        namespace SetAsideEnvelope {

            /** Properties of a SetAsideEnvelope. */
            interface $Properties {

                /** SetAsideEnvelope envelope */
                envelope?: (sotto.v1.Envelope.$Properties|null);

                /** SetAsideEnvelope reason */
                reason?: (sotto.v1.NackReason|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SetAsideEnvelope. */
            type $Shape = sotto.v1.SetAsideEnvelope.$Properties;
        }

        /**
         * Properties of a SignedPrekey.
         * @deprecated Use sotto.v1.SignedPrekey.$Properties instead.
         */
        interface ISignedPrekey extends sotto.v1.SignedPrekey.$Properties {
        }

        /** Represents a SignedPrekey. */
        class SignedPrekey {

            /**
             * Constructs a new SignedPrekey.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.SignedPrekey.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SignedPrekey id. */
            id: number;

            /** SignedPrekey publicKey. */
            publicKey: Uint8Array;

            /** SignedPrekey signature. */
            signature: Uint8Array;

            /**
             * Encodes the specified SignedPrekey message. Does not implicitly {@link sotto.v1.SignedPrekey.verify|verify} messages.
             * @param message SignedPrekey message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.SignedPrekey.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SignedPrekey message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.SignedPrekey & sotto.v1.SignedPrekey.$Shape} SignedPrekey
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.SignedPrekey & sotto.v1.SignedPrekey.$Shape;
        }

        namespace SignedPrekey {

            /** Properties of a SignedPrekey. */
            interface $Properties {

                /** SignedPrekey id */
                id?: (number|null);

                /** SignedPrekey publicKey */
                publicKey?: (Uint8Array|null);

                /** SignedPrekey signature */
                signature?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SignedPrekey. */
            type $Shape = sotto.v1.SignedPrekey.$Properties;
        }

        /**
         * Properties of a OneTimePrekey.
         * @deprecated Use sotto.v1.OneTimePrekey.$Properties instead.
         */
        interface IOneTimePrekey extends sotto.v1.OneTimePrekey.$Properties {
        }

        /** Represents a OneTimePrekey. */
        class OneTimePrekey {

            /**
             * Constructs a new OneTimePrekey.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.OneTimePrekey.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** OneTimePrekey id. */
            id: number;

            /** OneTimePrekey publicKey. */
            publicKey: Uint8Array;

            /**
             * Encodes the specified OneTimePrekey message. Does not implicitly {@link sotto.v1.OneTimePrekey.verify|verify} messages.
             * @param message OneTimePrekey message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.OneTimePrekey.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a OneTimePrekey message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.OneTimePrekey & sotto.v1.OneTimePrekey.$Shape} OneTimePrekey
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.OneTimePrekey & sotto.v1.OneTimePrekey.$Shape;
        }

        namespace OneTimePrekey {

            /** Properties of a OneTimePrekey. */
            interface $Properties {

                /** OneTimePrekey id */
                id?: (number|null);

                /** OneTimePrekey publicKey */
                publicKey?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a OneTimePrekey. */
            type $Shape = sotto.v1.OneTimePrekey.$Properties;
        }

        /**
         * Properties of a KyberPrekey.
         * @deprecated Use sotto.v1.KyberPrekey.$Properties instead.
         */
        interface IKyberPrekey extends sotto.v1.KyberPrekey.$Properties {
        }

        /** Represents a KyberPrekey. */
        class KyberPrekey {

            /**
             * Constructs a new KyberPrekey.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.KyberPrekey.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** KyberPrekey id. */
            id: number;

            /** KyberPrekey publicKey. */
            publicKey: Uint8Array;

            /** KyberPrekey signature. */
            signature: Uint8Array;

            /**
             * Encodes the specified KyberPrekey message. Does not implicitly {@link sotto.v1.KyberPrekey.verify|verify} messages.
             * @param message KyberPrekey message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.KyberPrekey.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a KyberPrekey message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.KyberPrekey & sotto.v1.KyberPrekey.$Shape} KyberPrekey
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.KyberPrekey & sotto.v1.KyberPrekey.$Shape;
        }

        namespace KyberPrekey {

            /** Properties of a KyberPrekey. */
            interface $Properties {

                /** KyberPrekey id */
                id?: (number|null);

                /** KyberPrekey publicKey */
                publicKey?: (Uint8Array|null);

                /** KyberPrekey signature */
                signature?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a KyberPrekey. */
            type $Shape = sotto.v1.KyberPrekey.$Properties;
        }

        /**
         * Properties of a DeviceRegistration.
         * @deprecated Use sotto.v1.DeviceRegistration.$Properties instead.
         */
        interface IDeviceRegistration extends sotto.v1.DeviceRegistration.$Properties {
        }

        /** Represents a DeviceRegistration. */
        class DeviceRegistration {

            /**
             * Constructs a new DeviceRegistration.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.DeviceRegistration.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DeviceRegistration deviceId. */
            deviceId: Uint8Array;

            /** DeviceRegistration registrationId. */
            registrationId: number;

            /** DeviceRegistration registrationSignature. */
            registrationSignature: Uint8Array;

            /** DeviceRegistration identityKey. */
            identityKey: Uint8Array;

            /** DeviceRegistration authKey. */
            authKey: Uint8Array;

            /** DeviceRegistration signedPrekey. */
            signedPrekey?: (sotto.v1.SignedPrekey.$Properties|null);

            /** DeviceRegistration lastResort. */
            lastResort?: (sotto.v1.KyberPrekey.$Properties|null);

            /** DeviceRegistration oneTime. */
            oneTime: sotto.v1.OneTimePrekey.$Properties[];

            /** DeviceRegistration kyber. */
            kyber: sotto.v1.KyberPrekey.$Properties[];

            /**
             * Encodes the specified DeviceRegistration message. Does not implicitly {@link sotto.v1.DeviceRegistration.verify|verify} messages.
             * @param message DeviceRegistration message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.DeviceRegistration.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DeviceRegistration message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.DeviceRegistration & sotto.v1.DeviceRegistration.$Shape} DeviceRegistration
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.DeviceRegistration & sotto.v1.DeviceRegistration.$Shape;
        }

        namespace DeviceRegistration {

            /** Properties of a DeviceRegistration. */
            interface $Properties {

                /** DeviceRegistration deviceId */
                deviceId?: (Uint8Array|null);

                /** DeviceRegistration registrationId */
                registrationId?: (number|null);

                /** DeviceRegistration registrationSignature */
                registrationSignature?: (Uint8Array|null);

                /** DeviceRegistration identityKey */
                identityKey?: (Uint8Array|null);

                /** DeviceRegistration authKey */
                authKey?: (Uint8Array|null);

                /** DeviceRegistration signedPrekey */
                signedPrekey?: (sotto.v1.SignedPrekey.$Properties|null);

                /** DeviceRegistration lastResort */
                lastResort?: (sotto.v1.KyberPrekey.$Properties|null);

                /** DeviceRegistration oneTime */
                oneTime?: (sotto.v1.OneTimePrekey.$Properties[]|null);

                /** DeviceRegistration kyber */
                kyber?: (sotto.v1.KyberPrekey.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DeviceRegistration. */
            type $Shape = sotto.v1.DeviceRegistration.$Properties;
        }

        /**
         * Properties of a PrekeyUpload.
         * @deprecated Use sotto.v1.PrekeyUpload.$Properties instead.
         */
        interface IPrekeyUpload extends sotto.v1.PrekeyUpload.$Properties {
        }

        /** Represents a PrekeyUpload. */
        class PrekeyUpload {

            /**
             * Constructs a new PrekeyUpload.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.PrekeyUpload.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** PrekeyUpload signedPrekey. */
            signedPrekey?: (sotto.v1.SignedPrekey.$Properties|null);

            /** PrekeyUpload lastResort. */
            lastResort?: (sotto.v1.KyberPrekey.$Properties|null);

            /** PrekeyUpload oneTime. */
            oneTime: sotto.v1.OneTimePrekey.$Properties[];

            /** PrekeyUpload kyber. */
            kyber: sotto.v1.KyberPrekey.$Properties[];

            /**
             * Encodes the specified PrekeyUpload message. Does not implicitly {@link sotto.v1.PrekeyUpload.verify|verify} messages.
             * @param message PrekeyUpload message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.PrekeyUpload.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a PrekeyUpload message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.PrekeyUpload & sotto.v1.PrekeyUpload.$Shape} PrekeyUpload
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.PrekeyUpload & sotto.v1.PrekeyUpload.$Shape;
        }

        namespace PrekeyUpload {

            /** Properties of a PrekeyUpload. */
            interface $Properties {

                /** PrekeyUpload signedPrekey */
                signedPrekey?: (sotto.v1.SignedPrekey.$Properties|null);

                /** PrekeyUpload lastResort */
                lastResort?: (sotto.v1.KyberPrekey.$Properties|null);

                /** PrekeyUpload oneTime */
                oneTime?: (sotto.v1.OneTimePrekey.$Properties[]|null);

                /** PrekeyUpload kyber */
                kyber?: (sotto.v1.KyberPrekey.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a PrekeyUpload. */
            type $Shape = sotto.v1.PrekeyUpload.$Properties;
        }

        /**
         * Properties of a PrekeyBundles.
         * @deprecated Use sotto.v1.PrekeyBundles.$Properties instead.
         */
        interface IPrekeyBundles extends sotto.v1.PrekeyBundles.$Properties {
        }

        /** Represents a PrekeyBundles. */
        class PrekeyBundles {

            /**
             * Constructs a new PrekeyBundles.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.PrekeyBundles.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** PrekeyBundles accountId. */
            accountId: Uint8Array;

            /** PrekeyBundles listVersion. */
            listVersion: number;

            /** PrekeyBundles bundles. */
            bundles: sotto.v1.PrekeyBundle.$Properties[];

            /**
             * Encodes the specified PrekeyBundles message. Does not implicitly {@link sotto.v1.PrekeyBundles.verify|verify} messages.
             * @param message PrekeyBundles message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.PrekeyBundles.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a PrekeyBundles message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.PrekeyBundles & sotto.v1.PrekeyBundles.$Shape} PrekeyBundles
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.PrekeyBundles & sotto.v1.PrekeyBundles.$Shape;
        }

        namespace PrekeyBundles {

            /** Properties of a PrekeyBundles. */
            interface $Properties {

                /** PrekeyBundles accountId */
                accountId?: (Uint8Array|null);

                /** PrekeyBundles listVersion */
                listVersion?: (number|null);

                /** PrekeyBundles bundles */
                bundles?: (sotto.v1.PrekeyBundle.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a PrekeyBundles. */
            type $Shape = sotto.v1.PrekeyBundles.$Properties;
        }

        /**
         * Properties of a PrekeyBundle.
         * @deprecated Use sotto.v1.PrekeyBundle.$Properties instead.
         */
        interface IPrekeyBundle extends sotto.v1.PrekeyBundle.$Properties {
        }

        /** Represents a PrekeyBundle. */
        class PrekeyBundle {

            /**
             * Constructs a new PrekeyBundle.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.PrekeyBundle.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** PrekeyBundle deviceId. */
            deviceId: Uint8Array;

            /** PrekeyBundle registrationId. */
            registrationId: number;

            /** PrekeyBundle registrationSignature. */
            registrationSignature: Uint8Array;

            /** PrekeyBundle identityKey. */
            identityKey: Uint8Array;

            /** PrekeyBundle signedPrekey. */
            signedPrekey?: (sotto.v1.SignedPrekey.$Properties|null);

            /** PrekeyBundle kyber. */
            kyber?: (sotto.v1.KyberPrekey.$Properties|null);

            /** PrekeyBundle oneTime. */
            oneTime?: (sotto.v1.OneTimePrekey.$Properties|null);

            /**
             * Encodes the specified PrekeyBundle message. Does not implicitly {@link sotto.v1.PrekeyBundle.verify|verify} messages.
             * @param message PrekeyBundle message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.PrekeyBundle.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a PrekeyBundle message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.PrekeyBundle & sotto.v1.PrekeyBundle.$Shape} PrekeyBundle
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.PrekeyBundle & sotto.v1.PrekeyBundle.$Shape;
        }

        namespace PrekeyBundle {

            /** Properties of a PrekeyBundle. */
            interface $Properties {

                /** PrekeyBundle deviceId */
                deviceId?: (Uint8Array|null);

                /** PrekeyBundle registrationId */
                registrationId?: (number|null);

                /** PrekeyBundle registrationSignature */
                registrationSignature?: (Uint8Array|null);

                /** PrekeyBundle identityKey */
                identityKey?: (Uint8Array|null);

                /** PrekeyBundle signedPrekey */
                signedPrekey?: (sotto.v1.SignedPrekey.$Properties|null);

                /** PrekeyBundle kyber */
                kyber?: (sotto.v1.KyberPrekey.$Properties|null);

                /** PrekeyBundle oneTime */
                oneTime?: (sotto.v1.OneTimePrekey.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a PrekeyBundle. */
            type $Shape = sotto.v1.PrekeyBundle.$Properties;
        }

        /**
         * Properties of a SignedList.
         * @deprecated Use sotto.v1.SignedList.$Properties instead.
         */
        interface ISignedList extends sotto.v1.SignedList.$Properties {
        }

        /** Represents a SignedList. */
        class SignedList {

            /**
             * Constructs a new SignedList.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.SignedList.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SignedList list. */
            list: Uint8Array;

            /** SignedList signature. */
            signature: Uint8Array;

            /** SignedList signer. */
            signer: Uint8Array;

            /** SignedList rotationSignature. */
            rotationSignature: Uint8Array;

            /**
             * Encodes the specified SignedList message. Does not implicitly {@link sotto.v1.SignedList.verify|verify} messages.
             * @param message SignedList message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.SignedList.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SignedList message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.SignedList & sotto.v1.SignedList.$Shape} SignedList
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.SignedList & sotto.v1.SignedList.$Shape;
        }

        namespace SignedList {

            /** Properties of a SignedList. */
            interface $Properties {

                /** SignedList list */
                list?: (Uint8Array|null);

                /** SignedList signature */
                signature?: (Uint8Array|null);

                /** SignedList signer */
                signer?: (Uint8Array|null);

                /** SignedList rotationSignature */
                rotationSignature?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SignedList. */
            type $Shape = sotto.v1.SignedList.$Properties;
        }

        /** TombstoneReason enum. */
        enum TombstoneReason {

            /** REASON_UNSPECIFIED value */
            REASON_UNSPECIFIED = 0,

            /** OWNER value */
            OWNER = 1,

            /** ADMIN value */
            ADMIN = 2,

            /** IDLE value */
            IDLE = 3,

            /** RESET value */
            RESET = 4
        }

        /**
         * Properties of a Tombstone.
         * @deprecated Use sotto.v1.Tombstone.$Properties instead.
         */
        interface ITombstone extends sotto.v1.Tombstone.$Properties {
        }

        /** Represents a Tombstone. */
        class Tombstone {

            /**
             * Constructs a new Tombstone.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.Tombstone.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Tombstone deviceId. */
            deviceId: Uint8Array;

            /** Tombstone day. */
            day: number;

            /** Tombstone reason. */
            reason: sotto.v1.TombstoneReason;

            /**
             * Encodes the specified Tombstone message. Does not implicitly {@link sotto.v1.Tombstone.verify|verify} messages.
             * @param message Tombstone message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.Tombstone.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Tombstone message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.Tombstone & sotto.v1.Tombstone.$Shape} Tombstone
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.Tombstone & sotto.v1.Tombstone.$Shape;
        }

        namespace Tombstone {

            /** Properties of a Tombstone. */
            interface $Properties {

                /** Tombstone deviceId */
                deviceId?: (Uint8Array|null);

                /** Tombstone day */
                day?: (number|null);

                /** Tombstone reason */
                reason?: (sotto.v1.TombstoneReason|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Tombstone. */
            type $Shape = sotto.v1.Tombstone.$Properties;
        }

        /**
         * Properties of a DeviceChain.
         * @deprecated Use sotto.v1.DeviceChain.$Properties instead.
         */
        interface IDeviceChain extends sotto.v1.DeviceChain.$Properties {
        }

        /** Represents a DeviceChain. */
        class DeviceChain {

            /**
             * Constructs a new DeviceChain.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.DeviceChain.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DeviceChain accountId. */
            accountId: Uint8Array;

            /** DeviceChain listVersion. */
            listVersion: number;

            /** DeviceChain lists. */
            lists: sotto.v1.SignedList.$Properties[];

            /** DeviceChain tombstones. */
            tombstones: sotto.v1.Tombstone.$Properties[];

            /** DeviceChain more. */
            more: boolean;

            /**
             * Encodes the specified DeviceChain message. Does not implicitly {@link sotto.v1.DeviceChain.verify|verify} messages.
             * @param message DeviceChain message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.DeviceChain.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DeviceChain message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.DeviceChain & sotto.v1.DeviceChain.$Shape} DeviceChain
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.DeviceChain & sotto.v1.DeviceChain.$Shape;
        }

        namespace DeviceChain {

            /** Properties of a DeviceChain. */
            interface $Properties {

                /** DeviceChain accountId */
                accountId?: (Uint8Array|null);

                /** DeviceChain listVersion */
                listVersion?: (number|null);

                /** DeviceChain lists */
                lists?: (sotto.v1.SignedList.$Properties[]|null);

                /** DeviceChain tombstones */
                tombstones?: (sotto.v1.Tombstone.$Properties[]|null);

                /** DeviceChain more */
                more?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DeviceChain. */
            type $Shape = sotto.v1.DeviceChain.$Properties;
        }

        /**
         * Properties of an Enrolment.
         * @deprecated Use sotto.v1.Enrolment.$Properties instead.
         */
        interface IEnrolment extends sotto.v1.Enrolment.$Properties {
        }

        /** Represents an Enrolment. */
        class Enrolment {

            /**
             * Constructs a new Enrolment.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.Enrolment.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Enrolment code. */
            code: string;

            /** Enrolment list. */
            list?: (sotto.v1.SignedList.$Properties|null);

            /** Enrolment registration. */
            registration?: (sotto.v1.DeviceRegistration.$Properties|null);

            /**
             * Encodes the specified Enrolment message. Does not implicitly {@link sotto.v1.Enrolment.verify|verify} messages.
             * @param message Enrolment message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.Enrolment.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Enrolment message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.Enrolment & sotto.v1.Enrolment.$Shape} Enrolment
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.Enrolment & sotto.v1.Enrolment.$Shape;
        }

        namespace Enrolment {

            /** Properties of an Enrolment. */
            interface $Properties {

                /** Enrolment code */
                code?: (string|null);

                /** Enrolment list */
                list?: (sotto.v1.SignedList.$Properties|null);

                /** Enrolment registration */
                registration?: (sotto.v1.DeviceRegistration.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Enrolment. */
            type $Shape = sotto.v1.Enrolment.$Properties;
        }

        /**
         * Properties of a Link.
         * @deprecated Use sotto.v1.Link.$Properties instead.
         */
        interface ILink extends sotto.v1.Link.$Properties {
        }

        /** Represents a Link. */
        class Link {

            /**
             * Constructs a new Link.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.Link.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Link session. */
            session: Uint8Array;

            /** Link opened. */
            opened?: (sotto.v1.LinkOpened.$Properties|null);

            /** Link claim. */
            claim?: (sotto.v1.LinkClaim.$Properties|null);

            /** Link claimed. */
            claimed?: (sotto.v1.LinkClaimed.$Properties|null);

            /** Link sealed. */
            sealed?: (Uint8Array|null);

            /** Link register. */
            register?: (sotto.v1.DeviceRegistration.$Properties|null);

            /** Link registered. */
            registered?: (sotto.v1.LinkRegistered.$Properties|null);

            /** Link ended. */
            ended?: (sotto.v1.LinkEnded.$Properties|null);

            /** Link step. */
            step?: ("opened"|"claim"|"claimed"|"sealed"|"register"|"registered"|"ended");

            /**
             * Encodes the specified Link message. Does not implicitly {@link sotto.v1.Link.verify|verify} messages.
             * @param message Link message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.Link.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Link message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.Link & sotto.v1.Link.$Shape} Link
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.Link & sotto.v1.Link.$Shape;
        }

        namespace Link {

            /** Properties of a Link. */
            interface $Properties {

                /** Link session */
                session?: (Uint8Array|null);

                /** Link opened */
                opened?: (sotto.v1.LinkOpened.$Properties|null);

                /** Link claim */
                claim?: (sotto.v1.LinkClaim.$Properties|null);

                /** Link claimed */
                claimed?: (sotto.v1.LinkClaimed.$Properties|null);

                /** Link sealed */
                sealed?: (Uint8Array|null);

                /** Link register */
                register?: (sotto.v1.DeviceRegistration.$Properties|null);

                /** Link registered */
                registered?: (sotto.v1.LinkRegistered.$Properties|null);

                /** Link ended */
                ended?: (sotto.v1.LinkEnded.$Properties|null);

                /** Link step */
                step?: ("opened"|"claim"|"claimed"|"sealed"|"register"|"registered"|"ended");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a Link. */
            type $Shape = {
              session?: Uint8Array|null;
              opened?: sotto.v1.LinkOpened.$Shape|null;
              claim?: sotto.v1.LinkClaim.$Shape|null;
              claimed?: sotto.v1.LinkClaimed.$Shape|null;
              sealed?: Uint8Array|null;
              register?: sotto.v1.DeviceRegistration.$Shape|null;
              registered?: sotto.v1.LinkRegistered.$Shape|null;
              ended?: sotto.v1.LinkEnded.$Shape|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ step?: undefined; opened?: null; claim?: null; claimed?: null; sealed?: null; register?: null; registered?: null; ended?: null }|{ step?: "opened"; opened: sotto.v1.LinkOpened.$Shape; claim?: null; claimed?: null; sealed?: null; register?: null; registered?: null; ended?: null }|{ step?: "claim"; opened?: null; claim: sotto.v1.LinkClaim.$Shape; claimed?: null; sealed?: null; register?: null; registered?: null; ended?: null }|{ step?: "claimed"; opened?: null; claim?: null; claimed: sotto.v1.LinkClaimed.$Shape; sealed?: null; register?: null; registered?: null; ended?: null }|{ step?: "sealed"; opened?: null; claim?: null; claimed?: null; sealed: Uint8Array; register?: null; registered?: null; ended?: null }|{ step?: "register"; opened?: null; claim?: null; claimed?: null; sealed?: null; register: sotto.v1.DeviceRegistration.$Shape; registered?: null; ended?: null }|{ step?: "registered"; opened?: null; claim?: null; claimed?: null; sealed?: null; register?: null; registered: sotto.v1.LinkRegistered.$Shape; ended?: null }|{ step?: "ended"; opened?: null; claim?: null; claimed?: null; sealed?: null; register?: null; registered?: null; ended: sotto.v1.LinkEnded.$Shape })
            );
        }

        /**
         * Properties of a LinkOpened.
         * @deprecated Use sotto.v1.LinkOpened.$Properties instead.
         */
        interface ILinkOpened extends sotto.v1.LinkOpened.$Properties {
        }

        /** Represents a LinkOpened. */
        class LinkOpened {

            /**
             * Constructs a new LinkOpened.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.LinkOpened.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** LinkOpened expiresAt. */
            expiresAt: number;

            /**
             * Encodes the specified LinkOpened message. Does not implicitly {@link sotto.v1.LinkOpened.verify|verify} messages.
             * @param message LinkOpened message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.LinkOpened.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a LinkOpened message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.LinkOpened & sotto.v1.LinkOpened.$Shape} LinkOpened
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.LinkOpened & sotto.v1.LinkOpened.$Shape;
        }

        namespace LinkOpened {

            /** Properties of a LinkOpened. */
            interface $Properties {

                /** LinkOpened expiresAt */
                expiresAt?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a LinkOpened. */
            type $Shape = sotto.v1.LinkOpened.$Properties;
        }

        /**
         * Properties of a LinkClaim.
         * @deprecated Use sotto.v1.LinkClaim.$Properties instead.
         */
        interface ILinkClaim extends sotto.v1.LinkClaim.$Properties {
        }

        /** Represents a LinkClaim. */
        class LinkClaim {

            /**
             * Constructs a new LinkClaim.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.LinkClaim.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Encodes the specified LinkClaim message. Does not implicitly {@link sotto.v1.LinkClaim.verify|verify} messages.
             * @param message LinkClaim message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.LinkClaim.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a LinkClaim message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.LinkClaim & sotto.v1.LinkClaim.$Shape} LinkClaim
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.LinkClaim & sotto.v1.LinkClaim.$Shape;
        }

        namespace LinkClaim {

            /** Properties of a LinkClaim. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a LinkClaim. */
            type $Shape = sotto.v1.LinkClaim.$Properties;
        }

        /**
         * Properties of a LinkClaimed.
         * @deprecated Use sotto.v1.LinkClaimed.$Properties instead.
         */
        interface ILinkClaimed extends sotto.v1.LinkClaimed.$Properties {
        }

        /** Represents a LinkClaimed. */
        class LinkClaimed {

            /**
             * Constructs a new LinkClaimed.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.LinkClaimed.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Encodes the specified LinkClaimed message. Does not implicitly {@link sotto.v1.LinkClaimed.verify|verify} messages.
             * @param message LinkClaimed message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.LinkClaimed.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a LinkClaimed message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.LinkClaimed & sotto.v1.LinkClaimed.$Shape} LinkClaimed
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.LinkClaimed & sotto.v1.LinkClaimed.$Shape;
        }

        namespace LinkClaimed {

            /** Properties of a LinkClaimed. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a LinkClaimed. */
            type $Shape = sotto.v1.LinkClaimed.$Properties;
        }

        /**
         * Properties of a LinkRegistered.
         * @deprecated Use sotto.v1.LinkRegistered.$Properties instead.
         */
        interface ILinkRegistered extends sotto.v1.LinkRegistered.$Properties {
        }

        /** Represents a LinkRegistered. */
        class LinkRegistered {

            /**
             * Constructs a new LinkRegistered.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.LinkRegistered.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** LinkRegistered approvalUntil. */
            approvalUntil: number;

            /**
             * Encodes the specified LinkRegistered message. Does not implicitly {@link sotto.v1.LinkRegistered.verify|verify} messages.
             * @param message LinkRegistered message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.LinkRegistered.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a LinkRegistered message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.LinkRegistered & sotto.v1.LinkRegistered.$Shape} LinkRegistered
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.LinkRegistered & sotto.v1.LinkRegistered.$Shape;
        }

        namespace LinkRegistered {

            /** Properties of a LinkRegistered. */
            interface $Properties {

                /** LinkRegistered approvalUntil */
                approvalUntil?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a LinkRegistered. */
            type $Shape = sotto.v1.LinkRegistered.$Properties;
        }

        /**
         * Properties of a LinkEnded.
         * @deprecated Use sotto.v1.LinkEnded.$Properties instead.
         */
        interface ILinkEnded extends sotto.v1.LinkEnded.$Properties {
        }

        /** Represents a LinkEnded. */
        class LinkEnded {

            /**
             * Constructs a new LinkEnded.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.LinkEnded.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** LinkEnded reason. */
            reason: string;

            /**
             * Encodes the specified LinkEnded message. Does not implicitly {@link sotto.v1.LinkEnded.verify|verify} messages.
             * @param message LinkEnded message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.LinkEnded.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a LinkEnded message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.LinkEnded & sotto.v1.LinkEnded.$Shape} LinkEnded
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.LinkEnded & sotto.v1.LinkEnded.$Shape;
        }

        namespace LinkEnded {

            /** Properties of a LinkEnded. */
            interface $Properties {

                /** LinkEnded reason */
                reason?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a LinkEnded. */
            type $Shape = sotto.v1.LinkEnded.$Properties;
        }

        /**
         * Properties of a LinkHello.
         * @deprecated Use sotto.v1.LinkHello.$Properties instead.
         */
        interface ILinkHello extends sotto.v1.LinkHello.$Properties {
        }

        /** Represents a LinkHello. */
        class LinkHello {

            /**
             * Constructs a new LinkHello.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.LinkHello.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** LinkHello deviceId. */
            deviceId: Uint8Array;

            /** LinkHello identityKey. */
            identityKey: Uint8Array;

            /** LinkHello authKey. */
            authKey: Uint8Array;

            /** LinkHello platform. */
            platform: string;

            /** LinkHello name. */
            name: string;

            /**
             * Encodes the specified LinkHello message. Does not implicitly {@link sotto.v1.LinkHello.verify|verify} messages.
             * @param message LinkHello message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.LinkHello.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a LinkHello message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.LinkHello & sotto.v1.LinkHello.$Shape} LinkHello
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.LinkHello & sotto.v1.LinkHello.$Shape;
        }

        namespace LinkHello {

            /** Properties of a LinkHello. */
            interface $Properties {

                /** LinkHello deviceId */
                deviceId?: (Uint8Array|null);

                /** LinkHello identityKey */
                identityKey?: (Uint8Array|null);

                /** LinkHello authKey */
                authKey?: (Uint8Array|null);

                /** LinkHello platform */
                platform?: (string|null);

                /** LinkHello name */
                name?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a LinkHello. */
            type $Shape = sotto.v1.LinkHello.$Properties;
        }

        /**
         * Properties of a LinkAccount.
         * @deprecated Use sotto.v1.LinkAccount.$Properties instead.
         */
        interface ILinkAccount extends sotto.v1.LinkAccount.$Properties {
        }

        /** Represents a LinkAccount. */
        class LinkAccount {

            /**
             * Constructs a new LinkAccount.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.LinkAccount.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** LinkAccount tenantId. */
            tenantId: Uint8Array;

            /** LinkAccount accountId. */
            accountId: Uint8Array;

            /** LinkAccount accountKey. */
            accountKey: Uint8Array;

            /** LinkAccount chain. */
            chain?: (sotto.v1.DeviceChain.$Properties|null);

            /**
             * Encodes the specified LinkAccount message. Does not implicitly {@link sotto.v1.LinkAccount.verify|verify} messages.
             * @param message LinkAccount message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.LinkAccount.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a LinkAccount message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.LinkAccount & sotto.v1.LinkAccount.$Shape} LinkAccount
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.LinkAccount & sotto.v1.LinkAccount.$Shape;
        }

        namespace LinkAccount {

            /** Properties of a LinkAccount. */
            interface $Properties {

                /** LinkAccount tenantId */
                tenantId?: (Uint8Array|null);

                /** LinkAccount accountId */
                accountId?: (Uint8Array|null);

                /** LinkAccount accountKey */
                accountKey?: (Uint8Array|null);

                /** LinkAccount chain */
                chain?: (sotto.v1.DeviceChain.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a LinkAccount. */
            type $Shape = sotto.v1.LinkAccount.$Properties;
        }

        /**
         * Properties of a LinkStatement.
         * @deprecated Use sotto.v1.LinkStatement.$Properties instead.
         */
        interface ILinkStatement extends sotto.v1.LinkStatement.$Properties {
        }

        /** Represents a LinkStatement. */
        class LinkStatement {

            /**
             * Constructs a new LinkStatement.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.LinkStatement.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** LinkStatement signature. */
            signature: Uint8Array;

            /**
             * Encodes the specified LinkStatement message. Does not implicitly {@link sotto.v1.LinkStatement.verify|verify} messages.
             * @param message LinkStatement message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.LinkStatement.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a LinkStatement message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.LinkStatement & sotto.v1.LinkStatement.$Shape} LinkStatement
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.LinkStatement & sotto.v1.LinkStatement.$Shape;
        }

        namespace LinkStatement {

            /** Properties of a LinkStatement. */
            interface $Properties {

                /** LinkStatement signature */
                signature?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a LinkStatement. */
            type $Shape = sotto.v1.LinkStatement.$Properties;
        }

        /**
         * Properties of a LinkDone.
         * @deprecated Use sotto.v1.LinkDone.$Properties instead.
         */
        interface ILinkDone extends sotto.v1.LinkDone.$Properties {
        }

        /** Represents a LinkDone. */
        class LinkDone {

            /**
             * Constructs a new LinkDone.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.LinkDone.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** LinkDone list. */
            list?: (sotto.v1.SignedList.$Properties|null);

            /** LinkDone refused. */
            refused?: (string|null);

            /** LinkDone waitingUntil. */
            waitingUntil?: (number|null);

            /** LinkDone listVersion. */
            listVersion: number;

            /** LinkDone result. */
            result?: ("list"|"refused"|"waitingUntil");

            /**
             * Encodes the specified LinkDone message. Does not implicitly {@link sotto.v1.LinkDone.verify|verify} messages.
             * @param message LinkDone message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.LinkDone.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a LinkDone message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.LinkDone & sotto.v1.LinkDone.$Shape} LinkDone
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.LinkDone & sotto.v1.LinkDone.$Shape;
        }

        namespace LinkDone {

            /** Properties of a LinkDone. */
            interface $Properties {

                /** LinkDone list */
                list?: (sotto.v1.SignedList.$Properties|null);

                /** LinkDone refused */
                refused?: (string|null);

                /** LinkDone waitingUntil */
                waitingUntil?: (number|null);

                /** LinkDone listVersion */
                listVersion?: (number|null);

                /** LinkDone result */
                result?: ("list"|"refused"|"waitingUntil");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a LinkDone. */
            type $Shape = {
              list?: sotto.v1.SignedList.$Shape|null;
              refused?: string|null;
              waitingUntil?: number|null;
              listVersion?: number|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ result?: undefined; list?: null; refused?: null; waitingUntil?: null }|{ result?: "list"; list: sotto.v1.SignedList.$Shape; refused?: null; waitingUntil?: null }|{ result?: "refused"; list?: null; refused: string; waitingUntil?: null }|{ result?: "waitingUntil"; list?: null; refused?: null; waitingUntil: number })
            );
        }

        /**
         * Properties of a Content.
         * @deprecated Use sotto.v1.Content.$Properties instead.
         */
        interface IContent extends sotto.v1.Content.$Properties {
        }

        /** Represents a Content. */
        class Content {

            /**
             * Constructs a new Content.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.Content.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Content sender. */
            sender?: (sotto.v1.AccountState.$Properties|null);

            /** Content recipient. */
            recipient?: (sotto.v1.AccountState.$Properties|null);

            /** Content messageId. */
            messageId: Uint8Array;

            /** Content sentAt. */
            sentAt: number;

            /** Content text. */
            text?: (sotto.v1.Text.$Properties|null);

            /** Content sent. */
            sent?: (sotto.v1.SentCopy.$Properties|null);

            /** Content body. */
            body?: ("text"|"sent");

            /**
             * Encodes the specified Content message. Does not implicitly {@link sotto.v1.Content.verify|verify} messages.
             * @param message Content message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.Content.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Content message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.Content & sotto.v1.Content.$Shape} Content
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.Content & sotto.v1.Content.$Shape;
        }

        namespace Content {

            /** Properties of a Content. */
            interface $Properties {

                /** Content sender */
                sender?: (sotto.v1.AccountState.$Properties|null);

                /** Content recipient */
                recipient?: (sotto.v1.AccountState.$Properties|null);

                /** Content messageId */
                messageId?: (Uint8Array|null);

                /** Content sentAt */
                sentAt?: (number|null);

                /** Content text */
                text?: (sotto.v1.Text.$Properties|null);

                /** Content sent */
                sent?: (sotto.v1.SentCopy.$Properties|null);

                /** Content body */
                body?: ("text"|"sent");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a Content. */
            type $Shape = {
              sender?: sotto.v1.AccountState.$Shape|null;
              recipient?: sotto.v1.AccountState.$Shape|null;
              messageId?: Uint8Array|null;
              sentAt?: number|null;
              text?: sotto.v1.Text.$Shape|null;
              sent?: sotto.v1.SentCopy.$Shape|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ body?: undefined; text?: null; sent?: null }|{ body?: "text"; text: sotto.v1.Text.$Shape; sent?: null }|{ body?: "sent"; text?: null; sent: sotto.v1.SentCopy.$Shape })
            );
        }

        /**
         * Properties of an AccountState.
         * @deprecated Use sotto.v1.AccountState.$Properties instead.
         */
        interface IAccountState extends sotto.v1.AccountState.$Properties {
        }

        /** Represents an AccountState. */
        class AccountState {

            /**
             * Constructs a new AccountState.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.AccountState.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AccountState epoch. */
            epoch: number;

            /** AccountState listVersion. */
            listVersion: number;

            /** AccountState hash. */
            hash: Uint8Array;

            /**
             * Encodes the specified AccountState message. Does not implicitly {@link sotto.v1.AccountState.verify|verify} messages.
             * @param message AccountState message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.AccountState.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AccountState message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.AccountState & sotto.v1.AccountState.$Shape} AccountState
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.AccountState & sotto.v1.AccountState.$Shape;
        }

        namespace AccountState {

            /** Properties of an AccountState. */
            interface $Properties {

                /** AccountState epoch */
                epoch?: (number|null);

                /** AccountState listVersion */
                listVersion?: (number|null);

                /** AccountState hash */
                hash?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AccountState. */
            type $Shape = sotto.v1.AccountState.$Properties;
        }

        /**
         * Properties of a Text.
         * @deprecated Use sotto.v1.Text.$Properties instead.
         */
        interface IText extends sotto.v1.Text.$Properties {
        }

        /** Represents a Text. */
        class Text {

            /**
             * Constructs a new Text.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.Text.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Text text. */
            text: string;

            /**
             * Encodes the specified Text message. Does not implicitly {@link sotto.v1.Text.verify|verify} messages.
             * @param message Text message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.Text.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Text message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.Text & sotto.v1.Text.$Shape} Text
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.Text & sotto.v1.Text.$Shape;
        }

        namespace Text {

            /** Properties of a Text. */
            interface $Properties {

                /** Text text */
                text?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Text. */
            type $Shape = sotto.v1.Text.$Properties;
        }

        /**
         * Properties of a SentCopy.
         * @deprecated Use sotto.v1.SentCopy.$Properties instead.
         */
        interface ISentCopy extends sotto.v1.SentCopy.$Properties {
        }

        /** Represents a SentCopy. */
        class SentCopy {

            /**
             * Constructs a new SentCopy.
             * @param [properties] Properties to set
             */
            constructor(properties?: sotto.v1.SentCopy.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SentCopy recipientAccount. */
            recipientAccount: Uint8Array;

            /** SentCopy text. */
            text?: (sotto.v1.Text.$Properties|null);

            /**
             * Encodes the specified SentCopy message. Does not implicitly {@link sotto.v1.SentCopy.verify|verify} messages.
             * @param message SentCopy message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: sotto.v1.SentCopy.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SentCopy message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {sotto.v1.SentCopy & sotto.v1.SentCopy.$Shape} SentCopy
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sotto.v1.SentCopy & sotto.v1.SentCopy.$Shape;
        }

        namespace SentCopy {

            /** Properties of a SentCopy. */
            interface $Properties {

                /** SentCopy recipientAccount */
                recipientAccount?: (Uint8Array|null);

                /** SentCopy text */
                text?: (sotto.v1.Text.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SentCopy. */
            type $Shape = sotto.v1.SentCopy.$Properties;
        }
    }
}
