"""Makes src/embed/reference.json: what another engine says about the unpacked weights.

    python3 tests/reference/make.py FOLDER > src/embed/reference.json

FOLDER holds model.safetensors, tokenizer.json and config.json of all-MiniLM-L6-v2. The graph is written here, apart
from src/embed/graph.rs, with padding, mask and pooling inside it, so that the two can disagree. Each row has the text,
the ids of the reference tokeniser (cut to 256) and 384 half-precision numbers in hexadecimal, little-endian.

Needs numpy, onnx, onnxruntime, safetensors and tokenizers.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file
from tokenizers import Tokenizer

LIMIT = 256

SENTENCE = (
    "The pressure regulator of the hydraulic unit must be inspected every 500 operating hours; if the gauge shows "
    "more than 16 bar, close the inlet valve, wait until the display reads zero, and replace the cartridge. "
)

TEXTS = [
    "",
    " ",
    "valve",
    "?",
    "Valves",
    "how do I reset the controller",
    "How do I reset the controller?",
    "What is the maximum operating pressure of the cooling circuit?",
    "error E-4021: sensor timeout on channel 3",
    "ERR_CONNECTION_REFUSED",
    "kubectl get pods --all-namespaces -o wide | grep CrashLoopBackOff",
    "std::vector<std::string>::push_back(const T& value)",
    "SELECT name, count(*) FROM parts WHERE id >= 10 GROUP BY name HAVING count(*) > 1;",
    "`max_connections` = 100  # see postgresql.conf",
    "spec.template.spec.containers[0].resources.limits.memory",
    "camelCaseIdentifier snake_case_identifier SCREAMING_SNAKE_CASE kebab-case-identifier",
    "/etc/systemd/system/mcdewey.service",
    "https://example.org/manuals/v12.5/guide.html?page=42#section-3.1",
    "0x7FFE 3.14159 1e-12 10,000 1/2 50% $9.99 +5V",
    "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
    "[CLS is not closed, and [ MASK ] is spaced",
    "Überdruckventile müssen jährlich geprüft werden.",
    "Wie setze ich die Steuerung auf Werkseinstellungen zurück?",
    "Straße, Größe, Maß, naïve café, façade, Ångström, Łódź, İstanbul",
    "Décomposé: e\u0301te\u0301, A\u030angstro\u0308m, n\u0303",
    "Сбросьте контроллер до заводских настроек",
    "Επαναφορά του ελεγκτή",
    "压力调节阀的最大工作压力是多少?",
    "コントローラをリセットするにはどうすればよいですか。",
    "제어기를 초기화하는 방법",
    "كيف أعيد ضبط وحدة التحكم؟",
    "नियंत्रक को कैसे रीसेट करें?",
    "วิธีรีเซ็ตตัวควบคุม",
    "🚒 fire truck 👩‍🚒 and 👍🏽 ok ✔ ™ © → ≥ °C µm Ω",
    "tab\tnewline\nreturn\r\nno-break\u00a0space zero\u200bwidth soft\u00adhyphen bell\u0007 lost\ufffd",
    "“curly” ‘quotes’ – en dash — em dash … ellipsis «guillemets» ・ 。、",
    "ﬁne ﬂow ½ ² ⅷ Ａ１",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "x" * 100 + " " + "x" * 101,
    "a" * 99 + "b " + "pneumonoultramicroscopicsilicovolcanoconiosis",
    SENTENCE,
    SENTENCE * 15,
]


def graph(folder):
    """The float32 transformer with mask, mean pooling and unit length."""
    weights = load_file(folder / "model.safetensors")
    config = json.loads((folder / "config.json").read_text())
    heads, hidden = config["num_attention_heads"], config["hidden_size"]
    nodes, constants = [], {}

    def constant(name, value, kind=np.float32):
        constants[name] = numpy_helper.from_array(np.ascontiguousarray(value, dtype=kind), name)
        return name

    def node(operator, inputs, **attributes):
        name = f"{operator} {len(nodes)}"
        nodes.append(helper.make_node(operator, inputs, [name], **attributes))
        return name

    def weight(name):
        return constant(name, weights[name])

    def norm(x, name):
        centred = node("Sub", [x, node("ReduceMean", [x], axes=[-1])])
        variance = node("ReduceMean", [node("Mul", [centred, centred])], axes=[-1])
        deviation = node("Sqrt", [node("Add", [variance, constant("eps", config["layer_norm_eps"])])])
        normal = node("Div", [centred, deviation])
        return node("Add", [node("Mul", [normal, weight(name + ".weight")]), weight(name + ".bias")])

    def linear(x, name):
        matrix = constant(name + ".weight", weights[name + ".weight"].T)
        return node("Add", [node("MatMul", [x, matrix]), weight(name + ".bias")])

    def cut(x, order):
        shape = constant("cut", [0, 0, heads, hidden // heads], np.int64)
        return node("Transpose", [node("Reshape", [x, shape])], perm=order)

    words = node("Gather", [weight("embeddings.word_embeddings.weight"), "ids"])
    places = node("Gather", [weight("embeddings.position_embeddings.weight"), "places"])
    kind = constant("kind", weights["embeddings.token_type_embeddings.weight"][0])
    x = norm(node("Add", [node("Add", [words, places]), kind]), "embeddings.LayerNorm")
    away = node("Sub", ["mask", constant("one", 1.0)])
    away = node("Mul", [node("Unsqueeze", [away, constant("axes 1 2", [1, 2], np.int64)]), constant("far", 1e4)])
    for layer in range(config["num_hidden_layers"]):
        name = f"encoder.layer.{layer}."
        q = cut(linear(x, name + "attention.self.query"), [0, 2, 1, 3])
        k = cut(linear(x, name + "attention.self.key"), [0, 2, 3, 1])
        v = cut(linear(x, name + "attention.self.value"), [0, 2, 1, 3])
        scores = node("Div", [node("MatMul", [q, k]), constant("root", (hidden // heads) ** 0.5)])
        mixed = node("MatMul", [node("Softmax", [node("Add", [scores, away])], axis=-1), v])
        mixed = node("Transpose", [mixed], perm=[0, 2, 1, 3])
        mixed = node("Reshape", [mixed, constant("join", [0, 0, hidden], np.int64)])
        x = norm(node("Add", [linear(mixed, name + "attention.output.dense"), x]), name + "attention.output.LayerNorm")
        wide = linear(x, name + "intermediate.dense")
        erf = node("Erf", [node("Div", [wide, constant("root 2", 2**0.5)])])
        wide = node("Mul", [node("Mul", [wide, constant("half", 0.5)]), node("Add", [erf, "one"])])
        x = norm(node("Add", [linear(wide, name + "output.dense"), x]), name + "output.LayerNorm")
    counted = node("Mul", [x, node("Unsqueeze", ["mask", constant("axis 2", [2], np.int64)])])
    axis = constant("axis 1", [1], np.int64)
    mean = node("Div", [node("ReduceSum", [counted, axis], keepdims=0), node("ReduceSum", ["mask", axis])])
    unit = node("Div", [mean, node("ReduceL2", [mean], axes=[1])])

    inputs = [
        helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "tokens"]),
        helper.make_tensor_value_info("places", TensorProto.INT64, ["tokens"]),
        helper.make_tensor_value_info("mask", TensorProto.FLOAT, ["texts", "tokens"]),
    ]
    outputs = [helper.make_tensor_value_info(unit, TensorProto.FLOAT, ["texts", hidden])]
    proto = helper.make_graph(nodes, "reference", inputs, outputs, list(constants.values()))
    model = helper.make_model(proto, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    return model.SerializeToString()


def main(folder):
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(max_length=LIMIT)
    tokenizer.no_padding()
    rows = [tokenizer.encode(text).ids for text in TEXTS]
    longest = max(map(len, rows))
    ids = np.zeros((len(rows), longest), np.int64)
    mask = np.zeros((len(rows), longest), np.float32)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = row
        mask[at, : len(row)] = 1
    session = onnxruntime.InferenceSession(graph(folder), providers=["CPUExecutionProvider"])
    vectors = session.run(None, {"ids": ids, "places": np.arange(longest), "mask": mask})[0]
    print("[")
    for at, (text, row, vector) in enumerate(zip(TEXTS, rows, vectors)):
        line = {"text": text, "ids": row, "vector": vector.astype("<f2").tobytes().hex()}
        comma = "," if at + 1 < len(TEXTS) else ""
        print(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + comma)
    print("]")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
