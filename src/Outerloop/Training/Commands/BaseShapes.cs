namespace Outerloop.Training.Commands;

/// <summary>The shapes of a base model's tensors, if its files are on this machine.</summary>
internal static class BaseShapes
{
    /// <param name="name">A folder, or a name such as <c>Qwen/Qwen3-4B</c> that is looked for in Hugging Face's cache.</param>
    /// <returns>Null if it is not here.</returns>
    /// <exception cref="FormatException">A file of it is damaged.</exception>
    public static IReadOnlyDictionary<string, long[]>? Find(string name) =>
        Folders(name).Select(Weights).FirstOrDefault(files => files.Length > 0)?.SelectMany(SafetensorsShapes.Read)
            .ToDictionary(tensor => tensor.Key, tensor => tensor.Value, StringComparer.Ordinal);

    private static IEnumerable<string> Folders(string name)
    {
        yield return name;
        string snapshots = Path.Combine(Cache(), "hub", $"models--{name.Replace("/", "--", StringComparison.Ordinal)}", "snapshots");
        if (!Directory.Exists(snapshots))
            yield break;
        foreach (string snapshot in Directory.EnumerateDirectories(snapshots).Order(StringComparer.Ordinal))
            yield return snapshot;
    }

    private static string Cache() =>
        Environment.GetEnvironmentVariable("HF_HOME") is { Length: > 0 } home
            ? home
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "huggingface");

    private static string[] Weights(string folder) => Directory.Exists(folder) ? Directory.GetFiles(folder, "model*.safetensors") : [];
}
